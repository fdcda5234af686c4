#include "socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

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

void socket_append_ip(int fd, struct buffer *out)
{
    struct buffer peer = {0};
    socket_append_peer(fd, &peer);
    while (peer.data[--peer.len] != ':')
        continue;
    bool has_brackets = peer.data[0] == '[';
    buffer_append(out, peer.data + has_brackets, peer.len - 2 * has_brackets);
    buffer_free(&peer);
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
