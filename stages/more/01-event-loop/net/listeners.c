#include "more/01-event-loop/net/listeners.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/log.h"
#include "common/quote.h"
#include "common/socket.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/net/extension.h"
#include "net/listener.h"
#include "net/server.h"
#include "net/settings.h"

enum { ADDRESSES_MAX = 16 };

struct listener_settings listener_settings;

static bool (*is_guarded_otherwise)(void);

void protected_mode_unless(bool (*fn)(void))
{
    is_guarded_otherwise = fn;
}

const char *protected_mode_refuses(int fd, unsigned client_flags)
{
    if (!listener_settings.protected_mode ||
        (is_guarded_otherwise && is_guarded_otherwise()) ||
        client_flags & CLIENT_UNIX_SOCKET || socket_is_loopback(fd))
        return NULL;
    return "-DENIED Redis is running in protected mode because protected mode "
           "is enabled and no password is set for the default user. Connect "
           "from the loopback interface, set a password, or set "
           "protected-mode to no.\r\n";
}

/* Whether errno says that this machine has no such address at all. */
static bool is_missing_address(void)
{
    return errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT ||
           errno == EPROTONOSUPPORT || errno == ENOPROTOOPT ||
           errno == ESOCKTNOSUPPORT || errno == EPFNOSUPPORT;
}

/* Opens a listener for one address and counts it in *opened. Returns false if
 * that fails and the address may not be missing. */
static bool listen_on(const char *address, bool is_optional, int *opened)
{
    const char *reason;
    int fd = listen_tcp(address, (int)net_settings.port,
                        (int)net_settings.backlog, &reason);
    if (fd >= 0) {
        server_add_listener(fd, 0);
        ++*opened;
        return true;
    }
    if (is_optional && (errno == 0 || is_missing_address()))
        return true;
    log_write(LOG_WARNING,
              "Warning: Could not create server TCP listening socket "
              "%s:%d: bind: %s",
              address, (int)net_settings.port, reason);
    return false;
}

/* Opens a listener for each address of `bind`. Returns false if one of them
 * fails or none is left. */
static bool listen_on_addresses(void)
{
    char *text = slice_dup(slice_of(net_settings.bind));
    struct slice *addresses;
    int count = split_arguments(text, strlen(text), &addresses);
    int opened = 0;
    bool done = true;
    for (int i = 0; i < count && done && opened < ADDRESSES_MAX; i++) {
        char *address = slice_dup(addresses[i]);
        bool is_optional = address[0] == '-';
        done = listen_on(address + is_optional, is_optional, &opened);
        zfree(address);
    }
    zfree(addresses);
    zfree(text);
    return done && opened > 0;
}

/* Called at exit: the socket's file would outlive the server. */
static void remove_unix_socket(void)
{
    unlink(listener_settings.unix_socket);
}

/* Opens the Unix socket at that path. Returns false if it cannot; errno says
 * why. */
static bool listen_on_path(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    strcpy(address.sun_path, path);
    unlink(path); /* of a server that ended without removing it */
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0)
        return false;
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, (int)net_settings.backlog) != 0) {
        int reason = errno;
        close(fd);
        errno = reason;
        return false;
    }
    if (listener_settings.unix_socket_mode)
        chmod(path, (mode_t)listener_settings.unix_socket_mode);
    server_add_listener(fd, CLIENT_UNIX_SOCKET);
    atexit(remove_unix_socket);
    return true;
}

bool listen_everywhere(void)
{
    const char *path = listener_settings.unix_socket;
    if (net_settings.port == 0 && !path[0]) {
        log_write(LOG_WARNING, "Configured to not listen anywhere, exiting.");
        return false;
    }
    if (net_settings.port != 0 && !listen_on_addresses())
        return false;
    if (!path[0] || listen_on_path(path))
        return true;
    log_write(LOG_WARNING, "Failed opening Unix socket: bind: %s",
              strerror(errno));
    return false;
}

const struct config_row more_listener_config[] = {
    {CONFIG_VALUE(TEXT, "bind", net_settings.bind, "127.0.0.1 -::1"),
     .flags = CONFIG_IMMUTABLE | CONFIG_WORDS},
    {CONFIG_VALUE(TEXT, "unixsocket", listener_settings.unix_socket, ""),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_NUMBER(OCTAL, "unixsocketperm", listener_settings.unix_socket_mode,
                   "0", 0, 0777),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_VALUE(BOOL, "protected-mode", listener_settings.protected_mode,
                  "yes")},
    {.name = NULL},
};
