/* A server that speaks the Redis protocol to many clients at once.
 *
 *   server [redis.conf] [--port 6379] [--bind 127.0.0.1] ... */
#include "command/dispatch.h"
#include "command/families.h"
#include "common/config.h"
#include "common/log.h"
#include "common/process.h"
#include "more.h"
#include "net/listener.h"
#include "net/server.h"
#include "net/settings.h"

int main(int argc, char **argv)
{
    commands_add(connection_commands);
    config_add(process_config);
    config_add(net_config);
    more_open();
    config_load(argc, argv);
    process_begin();
    const char *reason;
    int listening = listen_tcp(net_settings.bind, (int)net_settings.port,
                               (int)net_settings.backlog, &reason);
    if (listening < 0) {
        log_write(LOG_WARNING,
                  "Warning: Could not create server TCP listening socket "
                  "%s:%d: bind: %s",
                  net_settings.bind, (int)net_settings.port, reason);
        return 1;
    }
    server_run(listening, dispatch);
    return 0;
}
