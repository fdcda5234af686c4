/* getaddrinfo turns the address into one or several; the first is taken, as a
 * number has only one. The socket functions are the same for IPv4 and IPv6. */
#include "net/listener.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Returns a socket that is bound and listens, or -1 with errno. */
static int open_listener(const struct addrinfo *where, int backlog)
{
    int yes = 1;
    int fd = socket(where->ai_family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    /* A server that is started again would have to wait a minute for the
     * connections of the one before to be forgotten. */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    /* An IPv6 socket would take IPv4 connections too, and a listener for those
     * on the same port could not be opened any more. */
    if (where->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    if (bind(fd, where->ai_addr, where->ai_addrlen) == 0 &&
        listen(fd, backlog) == 0)
        return fd;
    int reason = errno; /* close may change it */
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
        *reason = gai_strerror(failed); /* these errors are no errno */
        errno = 0;
        return -1;
    }
    int fd = open_listener(found, backlog);
    *reason = strerror(errno);
    freeaddrinfo(found);
    return fd;
}
