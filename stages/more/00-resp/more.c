/* more_resp: registers RESET, HELLO's options and the check against
 * browsers. */
#include "more/more.h"
#include "command/command.h"
#include "command/dispatch.h"
#include "more/00-resp/command/browser.h"
#include "more/00-resp/command/connection.h"

void more_resp(void)
{
    commands_add(more_connection_commands);
    hello_add_option("setname", 1, client_name_or_reply);
    dispatch_check(CHECK_FIRST, check_browser);
}
