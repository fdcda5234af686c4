/* more_event_loop: registers CLIENT, listeners, output limits and the
 * parameters that have no effect. */
#include "more/more.h"
#include "command/command.h"
#include "common/config.h"
#include "more/00-resp/command/connection.h"
#include "more/01-event-loop/command/client.h"
#include "more/01-event-loop/command/docs.h"
#include "more/01-event-loop/command/pause.h"
#include "more/01-event-loop/command/reply_mode.h"
#include "more/01-event-loop/net/extension.h"
#include "more/01-event-loop/net/inert.h"
#include "more/01-event-loop/net/listeners.h"
#include "more/01-event-loop/net/output_limits.h"
#include "net/connection.h"
#include "net/server.h"

void more_event_loop(void)
{
    extension_open();
    commands_add(more_client_commands);
    docs_add(more_client_docs);
    config_add(more_listener_config);
    config_add(more_inert_config);
    output_limits_open();
    hello_add_option("setname", 1, client_set_name_or_reply);
    reset_observe(client_reset);
    connection_on_executed(reply_mode_ended);
    server_listen_with(listen_everywhere);
    server_check_connection(protected_mode_refuses);
    pause_open();
}
