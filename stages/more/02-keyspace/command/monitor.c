/* monitor: adds MONITOR, which shows a client the commands of all others.
 *
 *   1763640000.123456 [0 127.0.0.1:5112] "set" "key" "value"
 *
 * A command is shown after it has run, in the database in which it left its
 * client, and without the arguments that its handler has hidden. */
#include "more/02-keyspace/command/monitor.h"

#include "command/call.h"
#include "common/clock.h"
#include "common/quote.h"
#include "common/zmalloc.h"
#include "more/00-resp/command/connection.h"
#include "more/01-event-loop/command/client_list.h"
#include "more/01-event-loop/command/docs.h"
#include "more/01-event-loop/net/addresses.h"
#include "more/01-event-loop/net/extension.h"
#include "more/01-event-loop/net/listeners.h"
#include "more/02-keyspace/command/families.h"
#include "net/client.h"
#include "net/connection.h"
#include "net/reply.h"
#include "store/keyspace.h"

enum {
    /* A monitor only reads, so it is neither paused nor closed for being
     * idle. */
    MONITOR_FLAGS = CLIENT_MONITOR | CLIENT_NEVER_PAUSED | CLIENT_MAY_IDLE
};

static struct client **monitors;
static int monitor_count;

/* Writes the line that shows the command, and a zero byte. */
static void write_line(struct buffer *line, const struct client *c)
{
    int64_t now_us = clock_ticked_us();
    buffer_printf(line, "%lld.%06lld [%d ", (long long)(now_us / 1000000),
                  (long long)(now_us % 1000000), c->db->id);
    if (c->flags & CLIENT_UNIX_SOCKET)
        buffer_printf(line, "unix:%s", listener_settings.unix_socket);
    else
        client_append_peer(c, line);
    buffer_append_text(line, "]");
    for (int i = 0; i < c->argc; i++) {
        buffer_append_text(line, " ");
        quote_append(line, c->argv[i]);
    }
    buffer_append(line, "", 1);
}

/* Whether MONITOR shows the command. What administrators do is not shown. */
static bool is_shown(const struct command *command)
{
    const struct command_doc *doc = doc_find(slice_of(command->name));
    return !doc || !(doc->flags & (DOC_ADMIN | DOC_SKIP_MONITOR));
}

void monitor_show(const struct client *c)
{
    if (monitor_count == 0 || !is_shown(c->command))
        return;
    struct buffer line = {0};
    write_line(&line, c);
    for (int i = 0; i < monitor_count; i++) {
        /* QUIT's OK is the last line that the client which quits receives. */
        if (monitors[i]->flags & CLIENT_CLOSE_AFTER_REPLY)
            continue;
        reply_simple(monitors[i], line.data);
        connection_queue_flush(monitors[i]);
    }
    buffer_free(&line);
}

/* Called after each command. */
static void show(struct client *c, int64_t duration_us)
{
    (void)duration_us;
    monitor_show(c);
}

/* Shows the client nothing any more. */
static void end_monitor(struct client *c)
{
    if (!(c->flags & CLIENT_MONITOR))
        return;
    c->flags &= ~(unsigned)MONITOR_FLAGS;
    int i = 0;
    while (monitors[i] != c)
        i++;
    monitors[i] = monitors[--monitor_count];
}

/* MONITOR: from now on the client is shown what others do. */
static void monitor_command(struct client *c)
{
    if (c->flags & CLIENT_MONITOR)
        return;
    monitors = zrealloc(monitors,
                        (size_t)(monitor_count + 1) * sizeof(struct client *));
    monitors[monitor_count++] = c;
    c->flags |= MONITOR_FLAGS;
    reply_ok(c);
}

void monitor_open(void)
{
    call_observe(show);
    client_on_free(end_monitor);
    reset_observe(end_monitor);
    client_letter_add("O", CLIENT_MONITOR);
}

const struct command more_monitor_commands[] = {
    {.name = "monitor", .arity = 1, .handler = monitor_command},
    {.name = NULL},
};
