/* browser: closes connections over which a browser sends HTTP.
 *
 * A web page can make a browser send a request to any port, and each line of it
 * is an inline command. Two names that no command has tell HTTP apart, POST and
 * Host:, as in Redis (securityWarningCommand in networking.c). */
#include "more/00-resp/command/browser.h"

#include "common/log.h"
#include "net/client.h"

bool check_browser(struct client *c)
{
    if (!slice_is(c->argv[0], "post") && !slice_is(c->argv[0], "host:"))
        return true;
    log_write(
        LOG_WARNING,
        "Possible SECURITY ATTACK: a client sends POST or Host:, as a "
        "browser does when a web page leads it here. Connection aborted.");
    output_free(&c->output); /* replies to earlier commands are lost, too */
    c->flags |= CLIENT_CLOSE_AFTER_REPLY;
    return false;
}
