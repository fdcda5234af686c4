/* A server that speaks the Redis protocol to many clients at once.
 *
 *   server [redis.conf] [--port 6379] [--bind 127.0.0.1 ::1] ... */
#include "command/command.h"
#include "config.h"
#include "net/server.h"
<<<<<<< 01-event-loop
#include "process.h"
=======

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
>>>>>>> 00-resp

/* Nothing listens before the configuration is whole, and the file with the
 * process id tells that somebody listens. */
int main(int argc, char **argv)
{
    config_load(argc, argv);
    process_enter_background();
    if (!server_open())
        return 1;
    process_write_pid();
    server_run(dispatch);
    process_remove_pid();
    return 0;
}
