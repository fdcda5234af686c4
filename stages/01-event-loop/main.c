/* A server that speaks the Redis protocol to many clients at once.
 *
 *   server [redis.conf] [--port 6379] [--bind 127.0.0.1 ::1] ... */
#include "command/command.h"
#include "config.h"
#include "more.h"
#include "net/server.h"
#include "process.h"

/* Nothing listens before the configuration is whole, and the file with the
 * process id tells that somebody listens. */
int main(int argc, char **argv)
{
    more_open();
    config_load(argc, argv);
    process_enter_background();
    if (!server_open())
        return 1;
    process_write_pid();
    server_run(dispatch);
    process_remove_pid();
    return 0;
}
