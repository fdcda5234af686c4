/* client: how a connection is called and treated, and pauses for all.
 *
 * A pause holds commands back before they run: dispatch asks for each, and
 * postpones its client. What has run already is answered. */
#include "command/client.h"

#include "command/args.h"
#include "command/client_list.h"
#include "command/connection.h"
#include "command/families.h"
#include "common/clock.h"
#include "net/client.h"
#include "net/reply.h"
#include "net/server.h"
#include "net/timers.h"

/* Ordered: a pause can only become stricter. */
enum pause { PAUSE_NONE, PAUSE_WRITE, PAUSE_ALL };

static enum pause pause_now;
static int64_t pause_end_ms;
static struct timer *pause_timer; /* ends the pause; NULL without one */

/* CLIENT ID */
static void client_id_command(struct client *c)
{
    reply_integer(c, (int64_t)c->id);
}

/* CLIENT GETNAME: null for a connection without a name. */
static void client_getname_command(struct client *c)
{
    if (c->name)
        reply_bulk_text(c, c->name);
    else
        reply_null(c);
}

/* CLIENT SETNAME name */
static void client_setname_command(struct client *c)
{
    if (set_name_or_reply(c, c->argv[2]))
        reply_ok(c);
}

/* CLIENT REPLY ON|OFF|SKIP: whether commands are answered. OFF and SKIP are
 * not answered themselves. */
static void client_reply_command(struct client *c)
{
    static const struct choice modes[] = {
        {"on", 0},
        {"off", CLIENT_REPLY_OFF},
        {"skip", CLIENT_REPLY_SKIP_NEXT},
        {NULL, 0},
    };
    int mode;
    if (!arg_choice(c, c->argv[2], modes, &mode, NULL))
        return;
    if (mode == 0) {
        c->flags &= ~(unsigned)(CLIENT_REPLY_OFF | CLIENT_REPLY_SKIP);
        c->output.muted = false;
        reply_ok(c);
    } else if (!(c->flags & CLIENT_REPLY_OFF)) {
        c->flags |= (unsigned)mode;
    }
}

/* CLIENT NO-EVICT ON|OFF: whether the connection may be closed when clients
 * take too much memory. */
static void client_no_evict_command(struct client *c)
{
    static const struct choice modes[] = {
        {"on", CLIENT_NO_EVICT},
        {"off", 0},
        {NULL, 0},
    };
    int mode;
    if (!arg_choice(c, c->argv[2], modes, &mode, NULL))
        return;
    c->flags = (c->flags & ~(unsigned)CLIENT_NO_EVICT) | (unsigned)mode;
    reply_ok(c);
}

bool client_pause_holds(const struct command *command)
{
    return pause_now == PAUSE_ALL ||
           (pause_now == PAUSE_WRITE && command->flags & CMD_WRITE);
}

/* The clients begin their commands again here, in a turn of its own, and not
 * within the command that ended the pause. */
static int64_t end_pause(void *owner)
{
    (void)owner;
    int64_t left_ms = pause_end_ms - clock_ticked_ms();
    if (left_ms > 0)
        return left_ms;
    pause_now = PAUSE_NONE;
    pause_end_ms = 0;
    pause_timer = NULL;
    server_resume_postponed();
    return TIMER_ENDS;
}

/* Pauses until then, or for longer and more strictly if that is asked for
 * already. */
static void begin_pause(enum pause pause, int64_t end_ms)
{
    if (pause > pause_now)
        pause_now = pause;
    if (end_ms > pause_end_ms)
        pause_end_ms = end_ms;
    if (!pause_timer)
        pause_timer = timer_start(0, end_pause, NULL);
}

/* CLIENT PAUSE milliseconds [WRITE|ALL] */
static void client_pause_command(struct client *c)
{
    static const struct choice modes[] = {
        {"write", PAUSE_WRITE},
        {"all", PAUSE_ALL},
        {NULL, 0},
    };
    int pause = PAUSE_ALL;
    int64_t ms;
    if (c->argc > 4) {
        reply_wrong_subcommand(c);
        return;
    }
    if ((c->argc == 4 && !arg_choice(c, c->argv[3], modes, &pause,
                                     "ERR CLIENT PAUSE mode must be WRITE or "
                                     "ALL")) ||
        !arg_integer(c, c->argv[2], &ms,
                     "ERR timeout is not an integer or out of range"))
        return;
    if (ms < 0) {
        reply_error(c, "ERR timeout is negative");
        return;
    }
    /* A time that no clock will show counts as one that has passed. */
    int64_t now_ms = clock_ticked_ms();
    if (ms > 0 && ms <= INT64_MAX - now_ms)
        begin_pause((enum pause)pause, now_ms + ms);
    reply_ok(c);
}

/* CLIENT UNPAUSE: those who wait go on in the next turn. */
static void client_unpause_command(struct client *c)
{
    if (pause_timer)
        timer_cancel(pause_timer);
    pause_now = PAUSE_NONE;
    pause_end_ms = 0;
    pause_timer = timer_start(0, end_pause, NULL);
    reply_ok(c);
}

#define ANYONE (CMD_NOSCRIPT | CMD_LOADING | CMD_STALE)

const struct command client_commands[] = {
    {"client", -2, 0, NO_KEYS, NULL, "What concerns connections."},
    {"client|id", 2, ANYONE, NO_KEYS, client_id_command,
     "Answers the connection's id."},
    {"client|getname", 2, ANYONE, NO_KEYS, client_getname_command,
     "Answers the connection's name."},
    {"client|setname", 3, ANYONE, NO_KEYS, client_setname_command,
     "Names the connection."},
    {"client|info", 2, ANYONE, NO_KEYS, client_info_command,
     "Answers the connection's line of CLIENT LIST."},
    {"client|list", -2, ANYONE | CMD_ADMIN, NO_KEYS, client_list_command,
     "Lists connections: all, those of a TYPE, or those with an ID."},
    {"client|kill", -3, ANYONE | CMD_ADMIN, NO_KEYS, client_kill_command,
     "Closes the connections to which all of the conditions apply."},
    {"client|reply", 3, ANYONE, NO_KEYS, client_reply_command,
     "Says whether commands are answered: ON, OFF, or SKIP the next."},
    {"client|no-evict", 3, ANYONE | CMD_ADMIN, NO_KEYS, client_no_evict_command,
     "Says whether the connection is safe when memory is short."},
    {"client|pause", -3, ANYONE | CMD_ADMIN, NO_KEYS, client_pause_command,
     "Lets all commands, or those that write, wait for some milliseconds."},
    {"client|unpause", 2, ANYONE | CMD_ADMIN, NO_KEYS, client_unpause_command,
     "Ends a pause."},
    {"client|help", 2, CMD_LOADING | CMD_STALE, NO_KEYS, reply_help,
     "Prints this help."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
