/* A server that speaks the Redis protocol to one client at a time.
 *
 *   server [--port 6379] [--bind 127.0.0.1] [--dir path] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/dispatch.h"
#include "command/families.h"
#include "common/log.h"
#include "common/numbers.h"
#include "more.h"
#include "net/listener.h"
#include "net/server.h"

enum { BACKLOG = 511, PORT_MAX = 65535 };

static int64_t port = 6379;
static const char *address = "127.0.0.1";

/* Applies a flag of the command line. Returns false if the flag is unknown or
 * its value is invalid. */
static bool take_flag(const char *flag, const char *value)
{
    if (strcmp(flag, "--port") == 0)
        return parse_int64(slice_of(value), &port) && port >= 0 &&
               port <= PORT_MAX;
    if (strcmp(flag, "--dir") == 0)
        return chdir(value) == 0;
    address = value;
    return strcmp(flag, "--bind") == 0;
}

/* Reads the command line, opens the socket and serves clients forever. */
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc || !take_flag(argv[i], argv[i + 1])) {
            fprintf(stderr,
                    "server: wrong flag or value: %s\n"
                    "usage: server [--port number] [--bind address] "
                    "[--dir path]\n",
                    argv[i]);
            return 1;
        }
    }
    commands_add(connection_commands);
    more_open();
    const char *reason;
    int listening = listen_tcp(address, (int)port, BACKLOG, &reason);
    if (listening < 0) {
        log_write(LOG_WARNING,
                  "Warning: Could not create server TCP listening socket "
                  "%s:%d: bind: %s",
                  address, (int)port, reason);
        return 1;
    }
    server_run(listening, dispatch);
    return 0;
}
