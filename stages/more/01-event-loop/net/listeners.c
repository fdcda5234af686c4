#include "more/01-event-loop/net/listeners.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/log.h"
#include "common/socket.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/net/extension.h"
#include "net/listener.h"
#include "net/server.h"
#include "net/settings.h"

#define NO_ADDRESS "Failed to bind to specified addresses."

enum { ADDRESSES_MAX = 16 };

struct listener_settings listener_settings;

/* Sockets that listen, and that the server does not know of yet. */
struct sockets {
    int fds[ADDRESSES_MAX];
    int count;
};

/* Where the server listens: the settings may have changed since. */
static struct {
    int64_t port;
    char *bind; /* NULL: no address is left */
} place;

static int unix_socket_fd = -1; /* -1: there is none */

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

/* Whether an error says that this machine has no such address at all. */
static bool is_missing_address(int code)
{
    return code == EADDRNOTAVAIL || code == EAFNOSUPPORT ||
           code == EPROTONOSUPPORT || code == ENOPROTOOPT ||
           code == ESOCKTNOSUPPORT || code == EPFNOSUPPORT;
}

/* Opens a socket for one address. Returns false if that fails and the address
 * may not be missing. */
static bool open_address(const char *address, bool is_optional,
                         struct sockets *opened)
{
    const char *reason;
    int fd = listen_tcp(address, (int)net_settings.port,
                        (int)net_settings.backlog, &reason);
    if (fd >= 0) {
        opened->fds[opened->count++] = fd;
        return true;
    }
    int code = errno;
    log_write(LOG_WARNING,
              "Warning: Could not create server TCP listening socket "
              "%s:%d: %s%s",
              address, (int)net_settings.port, code ? "bind: " : "", reason);
    return is_optional && is_missing_address(code);
}

/* Opens a socket for each address of `bind`; none without a port. Returns false
 * if one of them fails, and then all are closed. */
static bool open_addresses(struct sockets *opened)
{
    struct slice rest = slice_of(net_settings.bind), word;
    bool done = true;
    opened->count = 0;
    while (done && net_settings.port && slice_split(&rest, ' ', &word)) {
        char *address = slice_dup(word);
        bool is_optional = address[0] == '-';
        done = open_address(address + is_optional, is_optional, opened);
        zfree(address);
    }
    while (!done && opened->count > 0)
        close(opened->fds[--opened->count]);
    return done;
}

/* Notes where the server listens from now on; NULL: at no address. */
static void note_place(const char *addresses)
{
    zfree(place.bind);
    place.bind = addresses ? slice_dup(slice_of(addresses)) : NULL;
    place.port = net_settings.port;
}

/* Closes all listeners and adds these; the Unix socket stays. Returns false if
 * nothing could be changed. */
static bool replace_listeners(const struct sockets *opened)
{
    int kept = unix_socket_fd < 0 ? -1 : dup(unix_socket_fd);
    if (kept < 0 && unix_socket_fd >= 0)
        return false;
    server_close_listeners();
    for (int i = 0; i < opened->count; i++)
        server_add_listener(opened->fds[i], 0);
    if (kept >= 0)
        server_add_listener(kept, CLIENT_UNIX_SOCKET);
    unix_socket_fd = kept;
    return true;
}

/* Listens where the settings say now; existing clients stay. At another port
 * the new sockets are opened before the old ones are closed. At the same port
 * they would be in each other's way, so if it fails no address is left, until
 * the settings are brought back. */
static bool move_listeners(void)
{
    struct sockets opened = {0};
    bool is_other_port = place.port != net_settings.port;
    if (!is_other_port && place.bind &&
        strcmp(place.bind, net_settings.bind) == 0)
        return true;
    if (is_other_port && !open_addresses(&opened))
        return false;
    if (!is_other_port && !replace_listeners(&opened))
        return false;
    bool done = is_other_port || open_addresses(&opened);
    note_place(done ? net_settings.bind : NULL);
    return replace_listeners(&opened) && done;
}

static bool apply_port(const char **error)
{
    return move_listeners() ||
           config_fail(error, "Unable to listen on this port. Check server "
                              "logs.");
}

static bool apply_bind(const char **error)
{
    return move_listeners() || config_fail(error, NO_ADDRESS);
}

static bool accept_addresses(const struct slice *words, int count,
                             const char **error)
{
    if (count > 0 && words[count - 1].len == 0 && !config_is_loading())
        return config_fail(error, NO_ADDRESS);
    return count <= ADDRESSES_MAX ||
           config_fail(error, "Too many bind addresses specified.");
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
    unix_socket_fd = fd;
    atexit(remove_unix_socket);
    return true;
}

bool listen_everywhere(void)
{
    struct sockets opened;
    const char *path = listener_settings.unix_socket;
    if (!open_addresses(&opened)) {
        log_write(LOG_WARNING, "Failed listening on port %d (TCP), aborting.",
                  (int)net_settings.port);
        return false;
    }
    for (int i = 0; i < opened.count; i++)
        server_add_listener(opened.fds[i], 0);
    note_place(net_settings.bind);
    if (path[0] && !listen_on_path(path)) {
        log_write(LOG_WARNING, "Failed opening Unix socket: bind: %s",
                  strerror(errno));
        return false;
    }
    if (opened.count == 0 && !path[0])
        log_write(LOG_WARNING, "Configured to not listen anywhere, exiting.");
    return opened.count > 0 || path[0];
}

const struct config_row more_listener_config[] = {
    {CONFIG_NUMBER(INTEGER, "port", net_settings.port, "6379", 0, 65535),
     .apply = apply_port},
    {CONFIG_VALUE(TEXT, "bind", net_settings.bind, "127.0.0.1 -::1"),
     .flags = CONFIG_WORDS, .accept = accept_addresses, .apply = apply_bind},
    {CONFIG_VALUE(TEXT, "unixsocket", listener_settings.unix_socket, ""),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_NUMBER(OCTAL, "unixsocketperm", listener_settings.unix_socket_mode,
                   "0", 0, 0777),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_VALUE(BOOL, "protected-mode", listener_settings.protected_mode,
                  "yes")},
    {.name = NULL},
};
