/* pause: adds CLIENT PAUSE, which lets the commands of all clients wait.
 *
 * A check of dispatch sees each command. The arguments of one that has to wait
 * are copied, because the input buffer that holds them is used again. Replies
 * to earlier commands are still sent. */
#include "more/01-event-loop/command/pause.h"

#include <string.h>

#include "command/dispatch.h"
#include "common/clock.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/command/arguments.h"
#include "more/01-event-loop/command/docs.h"
#include "more/01-event-loop/command/reply_mode.h"
#include "more/01-event-loop/net/extension.h"
#include "net/client.h"
#include "net/connection.h"
#include "net/reply.h"
#include "net/timers.h"

/* Ordered: a pause can only become stricter. */
enum pause { PAUSE_NONE, PAUSE_WRITE, PAUSE_ALL };

static enum pause pause_now;
static int64_t pause_end_ms;
static struct timer *pause_timer; /* ends the pause; NULL without one */
static unsigned reasons; /* for which writes wait besides: enum pause_reason */

/* Clients whose commands are postponed, in the order in which these came. While
 * they resume they are in a list of their own: a new pause may postpone the
 * same client again. */
static struct postponed {
    struct client *first, *last;
} postponed, resuming;
static bool (*is_write)(const struct client *c);

void pause_set_writes(bool (*fn)(const struct client *c))
{
    is_write = fn;
}

bool pause_holds_writes(void)
{
    return pause_now != PAUSE_NONE || reasons;
}

/* Returns a copy of the arguments, followed by their bytes, in one allocation
 * that the caller frees. */
static struct slice *copy_arguments(int argc, const struct slice *argv)
{
    size_t bytes = (size_t)argc * sizeof *argv;
    for (int i = 0; i < argc; i++)
        bytes += argv[i].len;
    struct slice *copy = zmalloc(bytes);
    char *at = (char *)(copy + argc);
    for (int i = 0; i < argc; i++) {
        memcpy(at, argv[i].ptr, argv[i].len);
        copy[i] = (struct slice){at, argv[i].len};
        at += argv[i].len;
    }
    return copy;
}

/* Puts a client at the end of the postponed ones. */
static void join_postponed(struct client *c)
{
    struct client_extension *extension = extension_of(c);
    extension->postponed_before = postponed.last;
    extension->postponed_after = NULL;
    if (postponed.last)
        extension_of(postponed.last)->postponed_after = c;
    else
        postponed.first = c;
    postponed.last = c;
}

/* Takes a client out of the list that it is in. Also called before a client is
 * freed, which may happen while others resume. */
static void leave_postponed(struct client *c)
{
    if (!(c->flags & CLIENT_POSTPONED))
        return;
    struct client *before = extension_of(c)->postponed_before;
    struct client *after = extension_of(c)->postponed_after;
    bool is_resuming = c == resuming.first || c == resuming.last;
    struct postponed *list = is_resuming ? &resuming : &postponed;
    if (before)
        extension_of(before)->postponed_after = after;
    else
        list->first = after;
    if (after)
        extension_of(after)->postponed_before = before;
    else
        list->last = before;
}

/* Postpones a command that a pause holds back and returns false, without a
 * reply: the command is executed when the pause ends. */
static bool check_paused(struct client *c)
{
    struct client_extension *extension = extension_of(c);
    if (!pause_holds_writes() || c->flags & CLIENT_NEVER_PAUSED ||
        (pause_now != PAUSE_ALL && !(is_write && is_write(c))))
        return true;
    extension->held = copy_arguments(c->argc, c->argv);
    extension->held_count = c->argc;
    join_postponed(c);
    c->flags |= CLIENT_POSTPONED | CLIENT_MAY_IDLE;
    return false;
}

/* Executes the postponed command, which another pause may postpone again, and
 * what has arrived after it. */
static void resume(struct client *c)
{
    struct client_extension *extension = extension_of(c);
    struct slice *held = extension->held;
    extension->held = NULL;
    leave_postponed(c);
    c->flags &= ~(unsigned)(CLIENT_POSTPONED | CLIENT_MAY_IDLE);
    c->argc = extension->held_count;
    c->argv = held;
    dispatch(c);
    reply_mode_ended(c);
    c->argc = 0;
    zfree(held);
    connection_resume(c, 0);
}

/* Lets all clients that are postponed now go on, in the order in which their
 * commands came. */
static void resume_postponed(void)
{
    resuming = postponed;
    postponed = (struct postponed){NULL, NULL};
    while (resuming.first)
        resume(resuming.first);
}

/* Ends the pause if its time is over. Commands are executed again from this
 * timer and not within CLIENT UNPAUSE, which is a command itself. */
static int64_t end_pause(void *owner)
{
    (void)owner;
    int64_t left_ms = pause_end_ms - clock_ticked_ms();
    if (left_ms > 0)
        return left_ms;
    pause_now = PAUSE_NONE;
    pause_end_ms = 0;
    pause_timer = NULL;
    resume_postponed();
    return TIMER_ENDS;
}

/* Starts the timer that ends the pause. */
static void start_timer(void)
{
    pause_timer = timer_start(0, end_pause, NULL);
}

void pause_writes(enum pause_reason reason, bool waits)
{
    reasons = waits ? reasons | reason : reasons & ~(unsigned)reason;
    if (!waits && !pause_timer)
        start_timer();
}

void pause_open(void)
{
    client_on_free(leave_postponed);
    dispatch_check(CHECK_PAUSED, check_paused);
}

/* Pauses until `end_ms`. A pause that is longer or stricter already stays
 * so. */
static void begin_pause(enum pause pause, int64_t end_ms)
{
    if (pause > pause_now)
        pause_now = pause;
    if (end_ms > pause_end_ms)
        pause_end_ms = end_ms;
    if (!pause_timer)
        start_timer();
}

/* CLIENT PAUSE milliseconds [WRITE|ALL] */
void client_pause_command(struct client *c)
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
    if (c->argc == 4 && !choice_or_reply(c, c->argv[3], modes, &pause,
                                         "ERR CLIENT PAUSE mode must be WRITE "
                                         "or ALL"))
        return;
    if (!parse_int64(c->argv[2], &ms)) {
        reply_error(c, "ERR timeout is not an integer or out of range");
        return;
    }
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

/* CLIENT UNPAUSE: postponed commands are executed in the next turn. */
void client_unpause_command(struct client *c)
{
    if (pause_timer)
        timer_cancel(pause_timer);
    pause_now = PAUSE_NONE;
    pause_end_ms = 0;
    start_timer();
    reply_ok(c);
}
