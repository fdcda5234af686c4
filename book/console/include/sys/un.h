/* un: the address of a Unix socket, which wasi-libc leaves without its path. */
#ifndef CONSOLE_SYS_UN_H
#define CONSOLE_SYS_UN_H

#include <sys/socket.h>

struct sockaddr_un {
    sa_family_t sun_family;
    char sun_path[108];
};

#endif
