#include "more/01-event-loop/command/reply_mode.h"

#include "more/01-event-loop/command/arguments.h"
#include "more/01-event-loop/net/extension.h"
#include "net/client.h"
#include "net/reply.h"

static unsigned unfinished = CLIENT_POSTPONED;

void reply_mode_waits_for(unsigned flag)
{
    unfinished |= flag;
}

void reply_mode_ended(struct client *c)
{
    if (c->flags & unfinished)
        return;
    c->flags &= ~(unsigned)CLIENT_REPLY_SKIP;
    if (c->flags & CLIENT_REPLY_SKIP_NEXT) {
        c->flags &= ~(unsigned)CLIENT_REPLY_SKIP_NEXT;
        c->flags |= CLIENT_REPLY_SKIP;
    }
    c->output.muted = c->flags & (CLIENT_REPLY_OFF | CLIENT_REPLY_SKIP);
}

/* CLIENT REPLY ON|OFF|SKIP: whether commands get replies. OFF and SKIP get none
 * themselves. */
void client_reply_command(struct client *c)
{
    static const struct choice modes[] = {
        {"on", 0},
        {"off", CLIENT_REPLY_OFF},
        {"skip", CLIENT_REPLY_SKIP_NEXT},
        {NULL, 0},
    };
    int mode;
    if (!choice_or_reply(c, c->argv[2], modes, &mode, NULL))
        return;
    if (mode == 0) {
        c->flags &= ~(unsigned)(CLIENT_REPLY_OFF | CLIENT_REPLY_SKIP);
        c->output.muted = false;
        reply_ok(c);
    } else if (!(c->flags & CLIENT_REPLY_OFF)) {
        c->flags |= (unsigned)mode;
        /* In a transaction more commands follow before this one has ended. */
        c->output.muted = c->output.muted || mode == CLIENT_REPLY_OFF;
    }
}

/* The command that runs now keeps its mode: a skipped RESET gets no reply. */
void reply_mode_reset(struct client *c)
{
    c->flags &= ~(unsigned)(CLIENT_REPLY_OFF | CLIENT_REPLY_SKIP_NEXT);
    c->output.muted = c->flags & CLIENT_REPLY_SKIP;
}
