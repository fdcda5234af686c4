/* socket: wasi-libc's, with the calls and the constants that it lacks. */
#ifndef CONSOLE_SYS_SOCKET_H
#define CONSOLE_SYS_SOCKET_H

#include_next <sys/socket.h>

enum { MSG_DONTWAIT = 0x40 };
enum { SO_REUSEADDR = 2, SO_ERROR = 4, SO_KEEPALIVE = 9 };

int socket(int family, int type, int protocol);
int bind(int fd, const struct sockaddr *address, socklen_t len);
int listen(int fd, int backlog);
int connect(int fd, const struct sockaddr *address, socklen_t len);
int getpeername(int fd, struct sockaddr *address, socklen_t *len);
int getsockname(int fd, struct sockaddr *address, socklen_t *len);
int setsockopt(int fd, int level, int name, const void *value, socklen_t len);

#endif
