/* A server that speaks the Redis protocol to one client at a time.
 *
 *   server [--port 6379] [--bind 127.0.0.1] [--dir path] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"
#include "common/numbers.h"
#include "more.h"
#include "net/listener.h"
#include "net/server.h"

enum { BACKLOG = 511 };

struct settings {
    int port;
    const char *bind;
};

/* Ends the start: what was given is wrong, and this is how it should be. */
static void refuse(const char *flag, const char *reason)
{
    fprintf(stderr, "server: %s: %s\n", flag, reason);
    fprintf(stderr, "usage: server [--port number] [--bind address] "
                    "[--dir path]\n");
    exit(1);
}

/* Takes one pair of the command line; what it cannot mean ends the program
 * before a port is opened. */
static void take_flag(struct settings *settings, const char *flag,
                      const char *value)
{
    int64_t number;
    if (!value) {
        refuse(flag, "a value is missing");
    } else if (strcmp(flag, "--port") == 0) {
        if (!parse_int64(slice_of(value), &number) || number < 0 ||
            number > 65535)
            refuse(flag, "must be a number between 0 and 65535");
        settings->port = (int)number;
    } else if (strcmp(flag, "--bind") == 0) {
        settings->bind = value;
    } else if (strcmp(flag, "--dir") == 0) {
        if (chdir(value) != 0)
            refuse(flag, "no such directory");
    } else {
        refuse(flag, "no such flag");
    }
}

int main(int argc, char **argv)
{
    more_open();
    struct settings settings = {.port = 6379, .bind = "127.0.0.1"};
    for (int i = 1; i < argc; i += 2)
        take_flag(&settings, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
    int listening = listen_tcp(settings.bind, settings.port, BACKLOG);
    if (listening < 0)
        return 1;
    server_run(listening, dispatch);
    return 0;
}
