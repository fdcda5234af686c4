/* databases: adds FLUSHDB and SWAPDB. */
#include "command/databases.h"

#include <stdint.h>

#include "command/call.h"
#include "common/numbers.h"
#include "more/02-keyspace/command/families.h"
#include "more/02-keyspace/store/copy.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

static const struct slice all_keys = {NULL, 0};

/* FLUSHDB [ASYNC | SYNC] */
static void flushdb_command(struct client *c)
{
    if (!flush_mode_or_reply(c))
        return;
    db_clear(c->db);
    key_changed(c->db, all_keys, "flushdb");
    reply_ok(c);
}

/* SWAPDB index index: clients stay at their number and find the other's keys
 * there. */
static void swapdb_command(struct client *c)
{
    static const char *const errors[] = {NULL, "ERR invalid first DB index",
                                         "ERR invalid second DB index"};
    struct db *dbs[3];
    int64_t id;
    for (int i = 1; i <= 2; i++) {
        if (!parse_int64(c->argv[i], &id) || id < INT32_MIN || id > INT32_MAX) {
            reply_error(c, errors[i]);
            return;
        }
    }
    for (int i = 1; i <= 2; i++) {
        dbs[i] = db_or_reply(c, c->argv[i]);
        if (!dbs[i])
            return;
    }
    if (dbs[1] == dbs[2]) {
        propagate_as(c, c->argc, c->argv); /* although no key changes */
        reply_ok(c);
        return;
    }
    db_swap(dbs[1], dbs[2]);
    key_changed(dbs[1], all_keys, "swapdb");
    key_changed(dbs[2], all_keys, "swapdb");
    reply_ok(c);
}

const struct command more_database_commands[] = {
    {.name = "flushdb",
     .arity = -1,
     .flags = CMD_WRITE,
     .handler = flushdb_command},
    {.name = "swapdb",
     .arity = 3,
     .flags = CMD_WRITE,
     .handler = swapdb_command},
    {.name = NULL},
};
