/* refusal: commands that a server refuses because of those it is linked to.
 *
 *   ERR          a replica of this server changes nothing here: what it sends
 *                is not held back while clients are paused
 *   NOREPLICAS   a primary takes no writes with too few replicas that have
 *                acknowledged lately: they could be lost
 *   MASTERDOWN   a replica without its primary shows no old data, if it is
 *                configured so */
#include <limits.h>

#include "command/dispatch.h"
#include "command/transaction.h"
#include "common/clock.h"
#include "common/config.h"
#include "more/01-event-loop/command/docs.h"
#include "more/08-blocking-pubsub/command/replicated.h"
#include "more/12-replication/repl/families.h"
#include "net/reply.h"
#include "repl/link.h"
#include "repl/primary.h"
#include "repl/replication.h"

static struct {
    int64_t replicas_min;
    int64_t lag_max_s;
    bool serves_stale;
} settings;

static const struct config_row refusal_config[] = {
    {CONFIG_NUMBER(INTEGER, "min-replicas-to-write", settings.replicas_min, "0",
                   0, INT_MAX),
     .alias = "min-slaves-to-write"},
    {CONFIG_NUMBER(INTEGER, "min-replicas-max-lag", settings.lag_max_s, "10", 0,
                   INT_MAX),
     .alias = "min-slaves-max-lag"},
    {CONFIG_VALUE(BOOL, "replica-serve-stale-data", settings.serves_stale,
                  "yes"),
     .alias = "slave-serve-stale-data"},
    {.name = NULL},
};

int refusal_good_replicas(void)
{
    int count = 0;
    int64_t now_ms = monotonic_ms();
    if (!settings.replicas_min || !settings.lag_max_s)
        return -1;
    for (const struct replica *r = primary.replicas; r; r = r->next)
        count += r->state == REPLICA_ONLINE &&
                 (now_ms - r->ack_ms) / 1000 <= settings.lag_max_s;
    return count;
}

static bool check_replicated(struct client *c)
{
    if (!settings.replicas_min || link_up.host ||
        !(transaction_flags(c) & CMD_WRITE))
        return true;
    int count = refusal_good_replicas();
    if (count < 0 || count >= settings.replicas_min)
        return true;
    reply_error(c, "NOREPLICAS Not enough good replicas to write.");
    return false;
}

/* Whether COMMAND gives this flag for the command. */
static bool has_flag(const struct command *command, unsigned flag)
{
    const struct command_doc *doc = doc_find(slice_of(command->name));
    return doc && doc->flags & flag;
}

/* How many of the commands that are about to run, with EXEC those of its
 * queue and itself, have the flag, or have it not. */
static int count_commands(const struct client *c, unsigned flag, bool have)
{
    const struct transaction *t = transaction_of(c);
    int count = has_flag(c->command, flag) == have;
    if (transaction_error_prefix(c)) { /* EXEC */
        for (int i = 0; i < t->count; i++)
            count += has_flag(t->queue[i].command, flag) == have;
    }
    return count;
}

static bool check_fresh(struct client *c)
{
    if (settings.serves_stale || !link_up.host || link_up.client ||
        !count_commands(c, DOC_STALE, false))
        return true;
    reply_error(c, "MASTERDOWN Link with MASTER is down and "
                   "replica-serve-stale-data is set to 'no'.");
    return false;
}

/* A replica that causes a reply, an error too, is dropped. A read is refused
 * as well: it could remove a key whose time is over. */
static bool check_clients(struct client *c)
{
    own_keys_check(c);
    if (replica_of(c)->state == REPLICA_NONE ||
        !(transaction_flags(c) & CMD_WRITE ||
          count_commands(c, DOC_READONLY, true) ||
          command_is_replicated(c->command)))
        return check_fresh(c);
    reply_error(c, "ERR Replica can't interact with the keyspace");
    return false;
}

void refusal_open(void)
{
    config_add(refusal_config);
    dispatch_check(CHECK_REPLICATED, check_replicated);
    dispatch_check(CHECK_FRESH, check_clients);
}
