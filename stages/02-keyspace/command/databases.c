#include "command/databases.h"

#include <stdint.h>

#include "command/args.h"
#include "command/errors.h"
#include "command/families.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/settings.h"

#define ERR_DB_INDEX "ERR DB index is out of range"
#define ERR_NO_INT                                   \
    "ERR value is out of range, value must between " \
    "-2147483648 and 2147483647"

static const struct slice all_keys = {NULL, 0};

/* The database of that number, or an answer that there is none. */
static struct db *db_or_reply(struct client *c, int64_t id)
{
    if (id >= 0 && id < db_count())
        return db_at((int)id);
    reply_error(c, ERR_DB_INDEX);
    return NULL;
}

struct db *arg_db(struct client *c, struct slice arg)
{
    int64_t id;
    if (!arg_integer(c, arg, &id, NULL) ||
        !arg_range(c, arg, INT32_MIN, INT32_MAX, &id, ERR_NO_INT))
        return NULL;
    return db_or_reply(c, id);
}

/* DBSIZE */
static void dbsize_command(struct client *c)
{
    reply_integer(c, (int64_t)db_size(c->db));
}

/* Takes [ASYNC|SYNC]: whether the values are freed bit by bit. */
static bool parse_flush(struct client *c, int *lazily)
{
    static const struct choice words[] = {{"async", 1}, {"sync", 0}, {NULL, 0}};
    *lazily = store_settings.lazy_user_flush;
    if (c->argc <= 2)
        return c->argc == 1 || arg_choice(c, c->argv[1], words, lazily, NULL);
    reply_error(c, ERR_SYNTAX);
    return false;
}

/* Removes the keys of these databases, as FLUSHALL and FLUSHDB do. */
static void flush(struct client *c, int first, int last, const char *event)
{
    int lazily;
    if (!parse_flush(c, &lazily))
        return;
    for (int i = first; i <= last; i++) {
        db_clear(db_at(i), lazily);
        key_changed(db_at(i), all_keys, event);
    }
    reply_ok(c);
}

/* FLUSHALL [ASYNC|SYNC] */
static void flushall_command(struct client *c)
{
    flush(c, 0, db_count() - 1, "flushall");
}

/* FLUSHDB [ASYNC|SYNC] */
static void flushdb_command(struct client *c)
{
    flush(c, c->db->id, c->db->id, "flushdb");
}

/* SELECT index */
static void select_command(struct client *c)
{
    struct db *db = arg_db(c, c->argv[1]);
    if (!db)
        return;
    c->db = db;
    reply_ok(c);
}

/* SWAPDB index index: clients stay at their number and find the other's keys
 * there. */
static void swapdb_command(struct client *c)
{
    int64_t first, second;
    struct db *a, *b;
    if (!arg_range(c, c->argv[1], INT32_MIN, INT32_MAX, &first,
                   "ERR invalid first DB index") ||
        !arg_range(c, c->argv[2], INT32_MIN, INT32_MAX, &second,
                   "ERR invalid second DB index") ||
        !(a = db_or_reply(c, first)) || !(b = db_or_reply(c, second)))
        return;
    db_swap(a, b);
    key_changed(a, all_keys, "swapdb");
    key_changed(b, all_keys, "swapdb");
    reply_ok(c);
}

const struct command database_commands[] = {
    {"dbsize", 1, CMD_READONLY | CMD_FAST, NO_KEYS, dbsize_command,
     "Answers how many keys the database has."},
    {"flushall", -1, CMD_WRITE, NO_KEYS, flushall_command,
     "Removes all keys of all databases."},
    {"flushdb", -1, CMD_WRITE, NO_KEYS, flushdb_command,
     "Removes all keys of the database."},
    {"swapdb", 3, CMD_WRITE | CMD_FAST, NO_KEYS, swapdb_command,
     "Lets two databases exchange their keys."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};

const struct command select_commands[] = {
    {"select", 2, CMD_LOADING | CMD_STALE | CMD_FAST, NO_KEYS, select_command,
     "Chooses the connection's database."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
