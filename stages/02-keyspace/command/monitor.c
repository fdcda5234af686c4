/* monitor: clients that are shown what all others do.
 *
 *   1763640000.123456 [0 127.0.0.1:5112] "set" "key" "value"
 *
 * A command is shown when it has run, in the database where it left its
 * client, and without the arguments that its handler took out of sight. */
#include "command/monitor.h"

#include "command/call.h"
#include "command/command.h"
#include "common/clock.h"
#include "common/quote.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

static struct client **monitors;
static int monitor_count;

/* Writes the line that stands for the command, with a NUL behind it. */
static void write_line(struct buffer *line, const struct client *c)
{
    int64_t now_us = clock_ticked_us();
    buffer_printf(line, "%lld.%06lld [%d ", (long long)(now_us / 1000000),
                  (long long)(now_us % 1000000), c->db->id);
    if (c->flags & CLIENT_UNIX_SOCKET)
        buffer_printf(line, "unix:%s", net_settings.unix_socket);
    else
        client_append_peer(c, line);
    buffer_append_text(line, "]");
    for (int i = 0; i < c->argc; i++) {
        buffer_append_text(line, " ");
        quote_append(line, c->argv[i]);
    }
    buffer_append(line, "", 1);
}

/* Shows all who watch the command that the client has run. What administrators
 * do is not shown. */
static void show(struct client *c)
{
    if (monitor_count == 0 ||
        c->command->flags & (CMD_ADMIN | CMD_SKIP_MONITOR))
        return;
    struct buffer line = {0};
    write_line(&line, c);
    for (int i = 0; i < monitor_count; i++) {
        if (monitors[i]->flags & CLIENT_REPLY_OFF)
            continue;
        reply_simple(monitors[i], line.data);
        client_queue_flush(monitors[i]);
    }
    buffer_free(&line);
}

void monitor_end(struct client *c)
{
    if (!(c->flags & CLIENT_MONITOR))
        return;
    c->flags &= ~(unsigned)CLIENT_MONITOR;
    int i = 0;
    while (monitors[i] != c)
        i++;
    monitors[i] = monitors[--monitor_count];
}

/* MONITOR: from now on the client is shown what others do. */
void monitor_command(struct client *c)
{
    static bool observing;
    if (c->flags & CLIENT_MONITOR)
        return;
    if (!observing) {
        call_observe(show);
        client_on_free(monitor_end);
        observing = true;
    }
    monitors = zrealloc(monitors,
                        (size_t)(monitor_count + 1) * sizeof(struct client *));
    monitors[monitor_count++] = c;
    c->flags |= CLIENT_MONITOR;
    reply_ok(c);
}

bool monitor_permits(struct client *c)
{
    if (!(c->flags & CLIENT_MONITOR) ||
        !(c->command->flags & (CMD_WRITE | CMD_READONLY)))
        return true;
    reply_error(c, "ERR Replica can't interact with the keyspace");
    return false;
}
