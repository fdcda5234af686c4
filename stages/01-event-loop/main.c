/* A server that speaks the Redis protocol to many clients at once.
 *
 *   server [redis.conf] [--port 6379] [--bind 127.0.0.1] ... */
#include "command/dispatch.h"
#include "command/families.h"
#include "common/config.h"
#include "common/process.h"
#include "more.h"
#include "net/server.h"
#include "net/settings.h"

/* Registers what the server is made of, then starts it. The configuration is
 * complete before the server listens, and the pid file is written after that:
 * it says that the server can be reached. */
int main(int argc, char **argv)
{
    commands_add(connection_commands);
    config_add(process_config);
    config_add(net_config);
    more_open();
    config_load(argc, argv);
    process_begin();
    if (!server_open())
        return 1;
    process_write_pid();
    server_run(dispatch);
    process_remove_pid();
    return 0;
}
