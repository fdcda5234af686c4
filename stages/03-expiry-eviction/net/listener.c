#include "net/listener.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Binds and listens; on failure closes the socket and keeps errno. */
static int open_listener(const struct addrinfo *where, int backlog)
{
    int yes = 1;
    int fd = socket(where->ai_family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (where->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    if (bind(fd, where->ai_addr, where->ai_addrlen) == 0 &&
        listen(fd, backlog) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

int listen_tcp(const char *address, int port, int backlog, const char **reason)
{
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    if (strcmp(address, "*") == 0)
        address = "0.0.0.0";
    else if (strcmp(address, "::*") == 0)
        address = "::";
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
    };
    struct addrinfo *found;
    int failed = getaddrinfo(address, service, &hints, &found);
    if (failed) {
        *reason = gai_strerror(failed);
        errno = 0;
        return -1;
    }
    int fd = open_listener(found, backlog);
    *reason = strerror(errno);
    freeaddrinfo(found);
    return fd;
}
