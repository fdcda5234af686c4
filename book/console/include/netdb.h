/* netdb: names of hosts. In a page a host is a number of IPv4. */
#ifndef CONSOLE_NETDB_H
#define CONSOLE_NETDB_H

#include <netinet/in.h>
#include <sys/socket.h>

struct addrinfo {
    int ai_flags, ai_family, ai_socktype, ai_protocol;
    socklen_t ai_addrlen;
    struct sockaddr *ai_addr;
    char *ai_canonname;
    struct addrinfo *ai_next;
};

enum { AI_PASSIVE = 1, AI_NUMERICHOST = 4, AI_NUMERICSERV = 1024 };
enum { EAI_NONAME = -2 };

int getaddrinfo(const char *host, const char *service,
                const struct addrinfo *hints, struct addrinfo **found);
void freeaddrinfo(struct addrinfo *found);
const char *gai_strerror(int error);

#endif
