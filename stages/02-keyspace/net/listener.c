#include "net/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/log.h"
#include "common/quote.h"
#include "common/zmalloc.h"
#include "net/settings.h"

void descriptor_prepare(int fd)
{
    fcntl(fd, F_SETFL, O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* Binds and listens; on failure closes the socket and keeps errno. */
static int open_listener(int family, const struct sockaddr *address,
                         socklen_t len)
{
    int yes = 1;
    int fd = socket(family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    if (family != AF_UNIX)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    descriptor_prepare(fd);
    if (bind(fd, address, len) == 0 &&
        listen(fd, (int)net_settings.backlog) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

/* An IPv4 or IPv6 number; "*" and "::*" are all addresses of their kind. */
static int listen_tcp(const char *address)
{
    char service[16];
    snprintf(service, sizeof service, "%d", (int)net_settings.port);
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
    if (getaddrinfo(address, service, &hints, &found) != 0) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    int fd = open_listener(found->ai_family, found->ai_addr, found->ai_addrlen);
    int reason = errno;
    freeaddrinfo(found);
    errno = reason;
    return fd;
}

/* A file name; with the mode that is set for it. */
static int listen_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    unlink(path); /* of a server that ended without removing it */
    int fd =
        open_listener(AF_UNIX, (struct sockaddr *)&address, sizeof address);
    if (fd >= 0 && net_settings.unix_socket_mode)
        chmod(path, (mode_t)net_settings.unix_socket_mode);
    return fd;
}

/* Whether errno says that this machine has no such address at all. */
static bool is_missing_address(void)
{
    return errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT ||
           errno == EPROTONOSUPPORT || errno == ENOPROTOOPT ||
           errno == ESOCKTNOSUPPORT || errno == EPFNOSUPPORT;
}

/* Opens a listener for each word of `bind`. Returns how many, or -1. */
static int listen_on_addresses(struct listener *out, int max)
{
    char *text = slice_dup(slice_of(net_settings.bind));
    struct slice *words;
    int count = split_arguments(text, strlen(text), &words);
    int opened = 0;
    for (int i = 0; i < count && opened >= 0 && opened < max; i++) {
        char *address = slice_dup(words[i]);
        bool optional = address[0] == '-';
        int fd = listen_tcp(address + optional);
        if (fd >= 0) {
            out[opened++] = (struct listener){.fd = fd};
        } else if (!(optional && is_missing_address())) {
            log_write(LOG_WARNING,
                      "Warning: Could not create server TCP listening socket "
                      "%s:%d: bind: %s",
                      address + optional, (int)net_settings.port,
                      strerror(errno));
            opened = -1;
        }
        zfree(address);
    }
    zfree(words);
    zfree(text);
    return opened;
}

int listen_everywhere(struct listener *out, int max)
{
    int count = 0;
    if (net_settings.port != 0) {
        count = listen_on_addresses(out, max - 1);
        if (count <= 0)
            return 0;
    }
    if (net_settings.unix_socket[0]) {
        int fd = listen_unix(net_settings.unix_socket);
        if (fd < 0) {
            log_write(LOG_WARNING, "Failed opening Unix socket: bind: %s",
                      strerror(errno));
            return 0;
        }
        out[count++] = (struct listener){.fd = fd, .is_unix = true};
    }
    if (count == 0)
        log_write(LOG_WARNING, "Configured to not listen anywhere, exiting.");
    return count;
}

void listener_close(struct listener *l)
{
    close(l->fd);
    if (l->is_unix)
        unlink(net_settings.unix_socket);
}

/* Asks the system to find out when the other end has silently gone. */
static void set_keepalive(int fd, int64_t idle_s)
{
    int yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
#ifdef TCP_KEEPIDLE
    int idle = (int)idle_s;
    int interval = idle / 3 > 0 ? idle / 3 : 1;
    int probes = 3;
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
#else
    (void)idle_s;
#endif
}

void socket_prepare(int fd, bool is_unix, int64_t keepalive_s)
{
    int yes = 1;
    descriptor_prepare(fd);
    if (is_unix)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (keepalive_s)
        set_keepalive(fd, keepalive_s);
}

bool socket_is_loopback(int fd)
{
    struct sockaddr_storage peer = {0};
    socklen_t len = sizeof peer;
    if (getpeername(fd, (struct sockaddr *)&peer, &len) != 0)
        return false;
    if (peer.ss_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, &peer, sizeof in6);
        return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
    }
    struct sockaddr_in in4;
    memcpy(&in4, &peer, sizeof in4);
    return ntohl(in4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}
