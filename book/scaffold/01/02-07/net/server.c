static int listening_socket;
