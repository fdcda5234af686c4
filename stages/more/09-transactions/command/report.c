#include "more/09-transactions/command/report.h"

#include "command/command.h"
#include "command/transaction.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/command/client_list.h"
#include "more/01-event-loop/net/extension.h"
#include "net/client.h"

/* The field "multi": how many commands are queued; -1 outside of a
 * transaction. */
static void append_multi(const struct client *c, struct buffer *out)
{
    bool is_open = c->flags & CLIENT_MULTI;
    buffer_printf(out, "%d", is_open ? transaction_of(c)->count : -1);
}

/* Returns the bytes of memory of the queue. */
static size_t queue_memory(const struct client *c)
{
    const struct transaction *t = transaction_of(c);
    if (!t->queue)
        return 0;
    size_t bytes = zmalloc_usable_size(t->queue);
    for (int i = 0; i < t->count; i++)
        bytes += zmalloc_usable_size(t->queue[i].argv);
    return bytes;
}

/* The field "multi-mem". */
static void append_multi_mem(const struct client *c, struct buffer *out)
{
    buffer_printf(out, "%zu", queue_memory(c));
}

/* The field "cmd". While a queue is executed that is EXEC. */
static void append_cmd(const struct client *c, struct buffer *out)
{
    bool executes = c->flags & CLIENT_DENY_BLOCKING;
    buffer_append_text(out, executes     ? "exec"
                            : c->command ? c->command->name
                                         : "NULL");
}

void transaction_report_open(void)
{
    client_letter_add("d", CLIENT_DIRTY_CAS);
    client_letter_add("x", CLIENT_MULTI);
    client_field_set("multi", append_multi);
    client_field_set("multi-mem", append_multi_mem);
    client_field_set("cmd", append_cmd);
    client_memory_extend(queue_memory);
}
