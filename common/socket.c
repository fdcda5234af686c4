#include "socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "numbers.h"

/* Calls getpeername or getsockname. */
typedef int name_fn(int fd, struct sockaddr *address, socklen_t *len);

static void append_address(int fd, name_fn *name, struct buffer *out)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof address;
    char text[INET6_ADDRSTRLEN];
    if (name(fd, (struct sockaddr *)&address, &len) != 0) {
        buffer_append_text(out, "?:0");
    } else if (address.ss_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, &address, sizeof in6);
        inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof text);
        buffer_printf(out, "[%s]:%d", text, ntohs(in6.sin6_port));
    } else {
        struct sockaddr_in in4;
        memcpy(&in4, &address, sizeof in4);
        inet_ntop(AF_INET, &in4.sin_addr, text, sizeof text);
        buffer_printf(out, "%s:%d", text, ntohs(in4.sin_port));
    }
}

/* glibc declares the two with another type for the address in C++ and with
 * _GNU_SOURCE, so each is called by its name. */
static int peer_name(int fd, struct sockaddr *address, socklen_t *len)
{
    return getpeername(fd, address, len);
}

static int local_name(int fd, struct sockaddr *address, socklen_t *len)
{
    return getsockname(fd, address, len);
}

void socket_append_peer(int fd, struct buffer *out)
{
    append_address(fd, peer_name, out);
}

void socket_append_local(int fd, struct buffer *out)
{
    append_address(fd, local_name, out);
}

char *socket_peer_ip(int fd)
{
    struct buffer peer = {0};
    socket_append_peer(fd, &peer);
    while (peer.data[--peer.len] != ':')
        continue;
    bool has_brackets = peer.data[0] == '[';
    char *ip = slice_dup((struct slice){peer.data + has_brackets,
                                        peer.len - 2 * (size_t)has_brackets});
    buffer_free(&peer);
    return ip;
}

/* Returns a socket that is being connected, or -1. */
static int connect_to(const struct addrinfo *to)
{
    int fd = socket(to->ai_family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (connect(fd, to->ai_addr, to->ai_addrlen) == 0 || errno == EINPROGRESS)
        return fd;
    close(fd);
    return -1;
}

int socket_connect(const char *host, int64_t port)
{
    char service[INT64_TEXT_MAX];
    struct addrinfo *found, hints = {.ai_socktype = SOCK_STREAM};
    int fd = -1;
    format_int64(service, port);
    if (getaddrinfo(host, service, &hints, &found) != 0)
        return -1;
    for (const struct addrinfo *at = found; at && fd < 0; at = at->ai_next)
        fd = connect_to(at);
    freeaddrinfo(found);
    return fd;
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

void socket_set_keepalive(int fd, int64_t idle_s)
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
