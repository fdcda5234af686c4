/* A server that speaks the Redis protocol to many clients at once.
 *
 *   server [redis.conf] [--port 6379] [--bind 127.0.0.1 ::1] ... */
#include "command/command.h"
#include "command/info.h"
#include "command/session.h"
#include "config.h"
#include "housekeeping.h"
#include "more.h"
#include "net/server.h"
#include "process.h"
#include "store/keyspace.h"
#include "store/settings.h"

/* Nothing listens before the configuration is whole, and the file with the
 * process id tells that somebody listens. */
int main(int argc, char **argv)
{
    commands_open();
    more_open();
    config_load(argc, argv);
    process_enter_background();
    if (!server_open())
        return 1;
    process_write_pid();
    keyspace_open((int)store_settings.databases);
    client_on_create(session_begin);
    client_on_lookahead(session_look_ahead);
    housekeeping_start();
    info_open();
    server_run(dispatch);
    keyspace_close();
    process_remove_pid();
    return 0;
}
