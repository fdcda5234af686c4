/* generic: adds RENAME, COPY, MOVE, UNLINK, TOUCH, RANDOMKEY and OBJECT
 * REFCOUNT. */
#include <stdint.h>

#include "command/databases.h"
#include "command/errors.h"
#include "more/01-event-loop/command/docs.h"
#include "more/02-keyspace/command/errors.h"
#include "more/02-keyspace/command/families.h"
#include "more/02-keyspace/store/bytes.h"
#include "more/02-keyspace/store/copy.h"
#include "more/02-keyspace/store/random_key.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

/* Renames a key of the client's database, and reports both changes. */
static void rename_key(struct client *c, struct slice from, struct slice to)
{
    db_rename(c->db, from, to);
    key_changed(c->db, from, "rename_from");
    key_changed(c->db, to, "rename_to");
}

/* RENAME key newkey: silently overwrites a key that has the new name. */
static void rename_command(struct client *c)
{
    if (!lookup_write(c->db, c->argv[1])) {
        reply_error(c, ERR_NO_SUCH_KEY);
        return;
    }
    if (!slice_equal(c->argv[1], c->argv[2]))
        rename_key(c, c->argv[1], c->argv[2]);
    reply_ok(c);
}

/* RENAMENX key newkey */
static void renamenx_command(struct client *c)
{
    if (!lookup_write(c->db, c->argv[1])) {
        reply_error(c, ERR_NO_SUCH_KEY);
        return;
    }
    bool exists = lookup_write(c->db, c->argv[2]);
    if (!exists)
        rename_key(c, c->argv[1], c->argv[2]);
    reply_integer(c, !exists);
}

/* RANDOMKEY */
static void randomkey_command(struct client *c)
{
    const struct entry *e = db_random(c->db);
    if (e)
        reply_bulk(c, entry_key(e));
    else
        reply_null(c);
}

/* UNLINK key [key ...] */
static void unlink_command(struct client *c)
{
    int64_t deleted = 0;
    for (int i = 1; i < c->argc; i++) {
        if (!db_delete(c->db, c->argv[i]))
            continue;
        key_changed(c->db, c->argv[i], "del");
        deleted++;
    }
    reply_integer(c, deleted);
}

/* TOUCH key [key ...] */
static void touch_command(struct client *c)
{
    int64_t found = 0;
    for (int i = 1; i < c->argc; i++)
        found += lookup_read(c->db, c->argv[i]) != NULL;
    reply_integer(c, found);
}

/* Parses COPY's options. Replies with an error and returns false if one is
 * invalid. */
static bool copy_options_or_reply(struct client *c, struct db **to,
                                  bool *replace)
{
    for (int i = 3; i < c->argc; i++) {
        if (slice_is(c->argv[i], "replace")) {
            *replace = true;
        } else if (slice_is(c->argv[i], "db") && i + 1 < c->argc) {
            *to = db_or_reply(c, c->argv[++i]);
            if (!*to)
                return false;
        } else {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
    }
    return true;
}

/* COPY source destination [DB index] [REPLACE] */
static void copy_command(struct client *c)
{
    struct db *to = c->db;
    bool replace = false;
    if (!copy_options_or_reply(c, &to, &replace))
        return;
    if (to == c->db && slice_equal(c->argv[1], c->argv[2])) {
        reply_error(c, ERR_SAME_OBJECT);
        return;
    }
    const struct entry *e = lookup_read(c->db, c->argv[1]);
    if (!e || (lookup_write(to, c->argv[2]) && !replace)) {
        reply_integer(c, 0);
        return;
    }
    db_put(to, entry_copy(e, c->argv[2]));
    key_changed(to, c->argv[2], "copy_to");
    reply_integer(c, 1);
}

/* MOVE key index: to another database, unless it has such a key. */
static void move_command(struct client *c)
{
    struct slice key = c->argv[1];
    struct db *to = db_or_reply(c, c->argv[2]);
    if (!to)
        return;
    if (to == c->db) {
        reply_error(c, ERR_SAME_OBJECT);
        return;
    }
    if (!lookup_write(c->db, key) || lookup_write(to, key)) {
        reply_integer(c, 0);
        return;
    }
    db_add(to, db_take(c->db, key));
    key_changed(c->db, key, "move_from");
    key_changed(to, key, "move_to");
    reply_integer(c, 1);
}

/* OBJECT REFCOUNT key */
static void object_refcount_command(struct client *c)
{
    const struct entry *e = lookup_query(c->db, c->argv[2]);
    if (!e)
        reply_null(c);
    else
        reply_integer(c, entry_references(e));
}

const struct command more_key_commands[] = {
    {.name = "rename",
     .arity = 3,
     .flags = CMD_WRITE,
     .handler = rename_command},
    {.name = "renamenx",
     .arity = 3,
     .flags = CMD_WRITE,
     .handler = renamenx_command},
    {.name = "randomkey", .arity = 1, .handler = randomkey_command},
    {.name = "touch", .arity = -2, .handler = touch_command},
    {.name = "copy", .arity = -3, .flags = CMD_WRITE, .handler = copy_command},
    {.name = "move", .arity = 3, .flags = CMD_WRITE, .handler = move_command},
    {.name = "object|refcount", .arity = 3, .handler = object_refcount_command},
    {.name = "object|help", .arity = 2, .handler = reply_help},
    {.name = NULL},
};

const struct command more_unlink_commands[] = {
    {.name = "unlink",
     .arity = -2,
     .flags = CMD_WRITE,
     .handler = unlink_command},
    {.name = NULL},
};
