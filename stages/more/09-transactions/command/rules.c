#include "more/09-transactions/command/rules.h"

#include <string.h>

#include "command/call.h"
#include "command/command.h"
#include "command/dispatch.h"
#include "command/transaction.h"
#include "command/watch.h"
#include "more/01-event-loop/command/docs.h"
#include "more/02-keyspace/command/monitor.h"
#include "more/02-keyspace/command/permissions.h"
#include "more/03-expiry-eviction/command/eviction.h"
#include "more/08-blocking-pubsub/command/replicated.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

bool check_permitted_and_allowed(struct client *c)
{
    if (!check_permitted(c))
        return false;
    if (!(c->flags & CLIENT_MULTI))
        return true;
    const struct command_doc *doc = doc_find(slice_of(c->command->name));
    if (!doc || !(doc->flags & DOC_NO_MULTI))
        return true;
    reply_error(c, "ERR Command not allowed inside a transaction");
    return false;
}

/* Whether the client's command is EXEC. */
static bool is_exec(const struct client *c)
{
    return strcmp(c->command->name, "exec") == 0;
}

/* Whether something holds for the client's command: for EXEC, whether it does
 * for one of those in the queue. */
static bool holds_for(const struct client *c,
                      bool (*holds)(const struct command *command))
{
    const struct transaction *t = transaction_of(c);
    if (!is_exec(c))
        return holds(c->command);
    for (int i = 0; i < t->count; i++) {
        if (holds(t->queue[i].command))
            return true;
    }
    return false;
}

bool is_held_by_pause(const struct client *c)
{
    return holds_for(c, command_is_replicated);
}

bool transaction_needs_memory(const struct client *c)
{
    static const char *const ends[] = {"exec", "discard", "quit", "reset"};
    if (holds_for(c, command_needs_memory))
        return true;
    if (!(c->flags & CLIENT_MULTI))
        return false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (strcmp(c->command->name, ends[i]) == 0)
            return false;
    }
    return true;
}

/* Called after each command. A client that is to be closed is not told what the
 * rest of its queue does. */
static void mute_closed(struct client *c, int64_t duration_us)
{
    (void)duration_us;
    if (c->flags & CLIENT_DENY_BLOCKING && c->flags & CLIENT_CLOSE_AFTER_REPLY)
        c->output.muted = true;
}

/* Monitors are shown an EXEC that a check has refused, as it ends something
 * that they have seen begin. */
static void show_refused(struct client *c)
{
    if (c->command && is_exec(c) && !(c->flags & CLIENT_STOPPED))
        monitor_show(c);
}

/* Called with each change. When all keys of a database have changed at once, so
 * have those that are watched and existed before, or do now: SWAPDB may bring a
 * key of the same name. */
static void note_all_keys(struct db *db, struct slice key, const char *event)
{
    (void)event;
    if (key.ptr)
        return;
    for (struct client *c = client_first(); c; c = c->next) {
        for (const struct watch *w = *watches_of(c); w; w = w->next) {
            if (w->db == db && (w->existed || db_has(db, w->place.queue->name)))
                c->flags |= CLIENT_DIRTY_CAS;
        }
    }
}

void transaction_rules_open(void)
{
    keyspace_observe(note_all_keys);
    call_observe(mute_closed);
    dispatch_on_rejected(show_refused);
}
