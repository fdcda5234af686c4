#include "more/05-hashes-sets/command/lazyfree.h"

#include "command/command.h"
#include "command/databases.h"
#include "more/02-keyspace/command/info.h"
#include "more/02-keyspace/command/stats.h"
#include "more/02-keyspace/store/copy.h"
#include "more/02-keyspace/store/settings.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/lazyfree.h"

static const struct command *del, *unlink_row; /* the lesson's */

/* DEL key [key ...]: as the parameter says, it frees at once or in steps. */
static void del_command(struct client *c)
{
    (lazyfree_settings.user_del ? unlink_row : del)->handler(c);
}

/* Deletes the keys of a database as FLUSHALL and FLUSHDB do. */
static void flush(struct client *c, struct db *db, const char *event)
{
    const struct slice all_keys = {NULL, 0};
    bool is_async = c->argc == 1 ? lazyfree_settings.user_flush
                                 : slice_is(c->argv[1], "async");
    if (is_async)
        db_clear_lazily(db);
    else
        db_clear(db);
    key_changed(db, all_keys, event);
}

/* FLUSHALL [ASYNC | SYNC] */
static void flushall_command(struct client *c)
{
    if (!flush_mode_or_reply(c))
        return;
    for (int i = 0; i < db_count(); i++)
        flush(c, db_at(i), "flushall");
    reply_ok(c);
}

/* FLUSHDB [ASYNC | SYNC] */
static void flushdb_command(struct client *c)
{
    if (!flush_mode_or_reply(c))
        return;
    flush(c, c->db, "flushdb");
    reply_ok(c);
}

static const struct command rows[] = {
    {.name = "del", .arity = -2, .flags = CMD_WRITE, .handler = del_command},
    {.name = "flushall",
     .arity = -1,
     .flags = CMD_WRITE,
     .handler = flushall_command},
    {.name = "flushdb",
     .arity = -1,
     .flags = CMD_WRITE,
     .handler = flushdb_command},
    {.name = NULL},
};

static size_t freed_before; /* CONFIG RESETSTAT */

static size_t pending(void)
{
    return lazyfree.put_off - lazyfree.freed;
}

static size_t freed(void)
{
    return lazyfree.freed - freed_before;
}

/* Called by CONFIG RESETSTAT. */
static void reset(void)
{
    freed_before = lazyfree.freed;
}

void lazyfree_open(void)
{
    del = command_find(SLICE("del"));
    unlink_row = command_find(SLICE("unlink"));
    commands_add(rows);
    info_lazyfree_set(pending, freed);
    stats_on_reset(reset);
    copy_replace_with(db_unlink);
}
