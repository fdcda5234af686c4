#include "command/databases.h"

#include <stdint.h>

#include "command/args.h"
#include "command/errors.h"
#include "command/families.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

void session_begin(struct client *c)
{
    c->db = db_at(0);
}

#define ERR_NO_INT                                   \
    "ERR value is out of range, value must between " \
    "-2147483648 and 2147483647"

struct db *db_or_reply(struct client *c, struct slice arg)
{
    int64_t id;
    if (!range_or_reply(c, arg, INT32_MIN, INT32_MAX, &id, ERR_NO_INT))
        return NULL;
    if (id >= 0 && id < db_count())
        return db_at((int)id);
    reply_error(c, "ERR DB index is out of range");
    return NULL;
}

/* SELECT index */
static void select_command(struct client *c)
{
    struct db *db = db_or_reply(c, c->argv[1]);
    if (!db)
        return;
    c->db = db;
    reply_ok(c);
}

/* DBSIZE */
static void dbsize_command(struct client *c)
{
    reply_integer(c, (int64_t)db_size(c->db));
}

bool flush_mode_or_reply(struct client *c)
{
    if (c->argc == 1 || (c->argc == 2 && (slice_is(c->argv[1], "async") ||
                                          slice_is(c->argv[1], "sync"))))
        return true;
    reply_error(c, ERR_SYNTAX);
    return false;
}

/* FLUSHALL [ASYNC | SYNC]: deletes the keys of all databases. With ASYNC they
 * are freed in steps, after the reply. */
static void flushall_command(struct client *c)
{
    const struct slice all_keys = {NULL, 0};
    if (!flush_mode_or_reply(c))
        return;
    bool is_async = c->argc == 2 && slice_is(c->argv[1], "async");
    for (int i = 0; i < db_count(); i++) {
        if (is_async)
            db_clear_lazily(db_at(i));
        else
            db_clear(db_at(i));
        key_changed(db_at(i), all_keys, "flushall");
    }
    reply_ok(c);
}

const struct command database_commands[] = {
    {.name = "select", .arity = 2, .handler = select_command},
    {.name = "dbsize", .arity = 1, .handler = dbsize_command},
    {.name = "flushall",
     .arity = -1,
     .flags = CMD_WRITE,
     .handler = flushall_command},
    {.name = NULL},
};
