/* generic: commands for any key, whatever it holds. */
#include <limits.h>
#include <stdint.h>

#include "command/databases.h"
#include "command/errors.h"
#include "command/families.h"
#include "command/scan.h"
#include "common/buffer.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/access.h"
#include "store/evict.h"
#include "store/expire.h"
#include "store/keyspace.h"
#include "store/settings.h"
#include "store/string.h"
#include "store/type.h"

/* Removes the keys of the arguments and answers how many there were. */
static void delete_keys(struct client *c, bool lazily)
{
    int64_t deleted = 0;
    for (int i = 1; i < c->argc; i++) {
        if (!db_delete(c->db, c->argv[i], lazily))
            continue;
        key_changed(c->db, c->argv[i], "del");
        deleted++;
    }
    reply_integer(c, deleted);
}

static void del_command(struct client *c)
{
    delete_keys(c, store_settings.lazy_user_del);
}

/* A key that is named twice counts twice. */
static void exists_command(struct client *c)
{
    int64_t found = 0;
    for (int i = 1; i < c->argc; i++)
        found += lookup_query(c->db, c->argv[i]) != NULL;
    reply_integer(c, found);
}

static void type_command(struct client *c)
{
    const struct entry *e = lookup_query(c->db, c->argv[1]);
    reply_simple(c, e ? type_rows[e->type].name : "none");
}

/* A walk over all keys that answers those which match. */
struct listing {
    struct client *client;
    struct scan filter;
    size_t count;
};

/* KEYS: answers while it walks. */
static void list_key(void *context, struct entry *e)
{
    struct listing *listing = context;
    if (!scan_matches(&listing->filter, entry_key(e)))
        return;
    reply_bulk(listing->client, entry_key(e));
    listing->count++;
}

static void keys_command(struct client *c)
{
    struct listing listing = {.client = c, .filter.pattern = c->argv[1]};
    struct output_block *begun = reply_begin(c);
    db_each(c->db, list_key, &listing);
    reply_end_array(c, begun, listing.count);
}

/* A step of a walk: the keys found so far. */
struct walk {
    struct scan filter;
    int64_t seen; /* whether they match or not */
    struct buffer found; /* pointers to entries */
};

/* TYPE is compared by name: one that no type has matches nothing. */
static bool has_wanted_type(const struct walk *walk, const struct entry *e)
{
    if (entry_is_expired(e))
        return true; /* it is found, and leaves */
    return !walk->filter.type.ptr ||
           slice_is(walk->filter.type, type_rows[e->type].name);
}

/* Keeps an entry for the reply, whose length must be known first. */
static void collect_key(void *context, struct entry *e)
{
    struct walk *walk = context;
    walk->seen++;
    if (scan_matches(&walk->filter, entry_key(e)) && has_wanted_type(walk, e))
        buffer_append(&walk->found, &e, sizeof(struct entry *));
}

/* Those that were found but whose time has come leave. */
static void drop_expired(struct db *db, struct walk *walk)
{
    struct entry **found = (struct entry **)(void *)walk->found.data;
    size_t count = walk->found.len / sizeof *found;
    walk->found.len = 0;
    for (size_t i = 0; i < count; i++) {
        struct entry *e = found[i];
        if (entry_is_expired(e))
            db_expire(db, e);
        else
            buffer_append(&walk->found, &e, sizeof(struct entry *));
    }
}

/* [cursor, [key, ...]] */
static void reply_walk(struct client *c, uint64_t cursor,
                       const struct walk *walk)
{
    struct entry **found = (struct entry **)(void *)walk->found.data;
    size_t count = walk->found.len / sizeof *found;
    reply_array(c, 2);
    scan_reply_cursor(c, cursor);
    reply_array(c, count);
    for (size_t i = 0; i < count; i++)
        reply_bulk(c, entry_key(found[i]));
}

/* SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]: looks at about `count`
 * keys. How many it answers, if any, depends on the filters. */
static void scan_command(struct client *c)
{
    uint64_t cursor;
    struct walk walk = {.seen = 0};
    if (!scan_parse_cursor(c, c->argv[1], &cursor) ||
        !scan_parse_options(c, 2, true, &walk.filter))
        return;
    int64_t steps = scan_steps(&walk.filter);
    do {
        cursor = db_scan(c->db, cursor, collect_key, &walk);
    } while (cursor && steps-- > 0 && walk.seen < walk.filter.count);
    drop_expired(c->db, &walk);
    reply_walk(c, cursor, &walk);
    buffer_free(&walk.found);
}

/* Gives a key another name; the value under that name so far goes. */
static void rename_key(struct db *db, struct slice from, struct slice to)
{
    db_replace(db, entry_rename(db_take(db, from), to));
    key_changed(db, from, "rename_from");
    key_changed(db, to, "rename_to");
}

static void rename_command(struct client *c)
{
    if (!lookup_write(c->db, c->argv[1])) {
        reply_error(c, ERR_NO_SUCH_KEY);
        return;
    }
    if (!slice_equal(c->argv[1], c->argv[2]))
        rename_key(c->db, c->argv[1], c->argv[2]);
    reply_ok(c);
}

static void renamenx_command(struct client *c)
{
    if (!lookup_write(c->db, c->argv[1])) {
        reply_error(c, ERR_NO_SUCH_KEY);
        return;
    }
    bool taken = lookup_write(c->db, c->argv[2]);
    if (!taken)
        rename_key(c->db, c->argv[1], c->argv[2]);
    reply_integer(c, !taken);
}

static void randomkey_command(struct client *c)
{
    const struct entry *e = db_random(c->db);
    if (e)
        reply_bulk(c, entry_key(e));
    else
        reply_null(c);
}

static void unlink_command(struct client *c)
{
    delete_keys(c, true);
}

/* Uses the keys without answering what they hold. */
static void touch_command(struct client *c)
{
    int64_t found = 0;
    for (int i = 1; i < c->argc; i++)
        found += lookup_read(c->db, c->argv[i]) != NULL;
    reply_integer(c, found);
}

/* Takes COPY's options. Answers a bad one. */
static bool parse_copy(struct client *c, struct db **to, bool *replace)
{
    for (int i = 3; i < c->argc; i++) {
        if (slice_is(c->argv[i], "replace")) {
            *replace = true;
        } else if (slice_is(c->argv[i], "db") && i + 1 < c->argc) {
            *to = arg_db(c, c->argv[++i]);
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
    if (!parse_copy(c, &to, &replace))
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
    struct entry *copy = type_rows[e->type].copy(e, c->argv[2]);
    copy = entry_set_expiry(copy, entry_expiry(e));
    db_replace(to, copy);
    key_changed(to, c->argv[2], "copy_to");
    reply_integer(c, 1);
}

/* MOVE key index: to another database, unless it has such a key. */
static void move_command(struct client *c)
{
    struct slice key = c->argv[1];
    struct db *to = arg_db(c, c->argv[2]);
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

/* The entry that an OBJECT subcommand asks for; NULL, and the client has been
 * answered, when there is none. */
static const struct entry *object_or_reply(struct client *c)
{
    const struct entry *e = lookup_query(c->db, c->argv[2]);
    if (!e)
        reply_null(c);
    return e;
}

static void object_encoding_command(struct client *c)
{
    const struct entry *e = object_or_reply(c);
    if (e)
        reply_bulk_text(c, encoding_names[e->encoding]);
}

static void object_refcount_command(struct client *c)
{
    const struct entry *e = object_or_reply(c);
    if (e)
        reply_integer(c, string_references(e));
}

/* Only one of the two is measured, the one that the policy asks for. */
static void object_idletime_command(struct client *c)
{
    const struct entry *e = object_or_reply(c);
    if (!e)
        return;
    if (evict_counts_use())
        reply_error(c, "ERR An LFU maxmemory policy is selected, idle time not "
                       "tracked. Please note that when switching between "
                       "policies at runtime LRU and LFU data will take some "
                       "time to adjust.");
    else
        reply_integer(c, access_idle_s(e));
}

static void object_freq_command(struct client *c)
{
    const struct entry *e = object_or_reply(c);
    if (!e)
        return;
    if (evict_counts_use())
        reply_integer(c, access_frequency(e));
    else
        reply_error(c, "ERR An LFU maxmemory policy is not selected, access "
                       "frequency not tracked. Please note that when switching "
                       "between policies at runtime LRU and LFU data will take "
                       "some time to adjust.");
}

/* clang-format off */
#define ONE_KEY {1, 1, 1}
#define TWO_KEYS {1, 2, 1}
#define ALL_KEYS {1, -1, 1}
#define SUBCOMMAND_KEY {2, 2, 1}
/* clang-format on */
#define READ CMD_READONLY
#define WRITE CMD_WRITE

const struct command key_commands[] = {
    {"del", -2, WRITE, ALL_KEYS, del_command, "Removes keys."},
    {"exists", -2, READ | CMD_FAST, ALL_KEYS, exists_command,
     "Answers how many of the keys there are."},
    {"type", 2, READ | CMD_FAST, ONE_KEY, type_command,
     "Answers what kind of value a key holds."},
    {"keys", 2, READ, NO_KEYS, keys_command,
     "Answers all keys that match a pattern."},
    {"scan", -2, READ, NO_KEYS, scan_command,
     "Answers some keys, and where to go on."},
    {"rename", 3, WRITE, TWO_KEYS, rename_command,
     "Gives a key another name, in place of what had it."},
    {"renamenx", 3, WRITE | CMD_FAST, TWO_KEYS, renamenx_command,
     "Gives a key another name that nothing has."},
    {"randomkey", 1, READ, NO_KEYS, randomkey_command,
     "Answers a key by chance."},
    {"unlink", -2, WRITE | CMD_FAST, ALL_KEYS, unlink_command,
     "Removes keys, and frees their values bit by bit."},
    {"touch", -2, READ | CMD_FAST, ALL_KEYS, touch_command,
     "Counts as a use of the keys."},
    {"copy", -3, WRITE | CMD_DENYOOM, TWO_KEYS, copy_command,
     "Copies a value to another key."},
    {"move", 3, WRITE | CMD_FAST, ONE_KEY, move_command,
     "Moves a key to another database."},
    {"object", -2, 0, NO_KEYS, NULL, "What is inside of keys."},
    {"object|encoding", 3, READ, SUBCOMMAND_KEY, object_encoding_command,
     "Answers how a value is stored."},
    {"object|refcount", 3, READ, SUBCOMMAND_KEY, object_refcount_command,
     "Answers how many keys share a value, or a number that means many."},
    {"object|idletime", 3, READ, SUBCOMMAND_KEY, object_idletime_command,
     "Answers for how many seconds a key was not used."},
    {"object|freq", 3, READ, SUBCOMMAND_KEY, object_freq_command,
     "Answers how often a key is used, logarithmically."},
    {"object|help", 2, CMD_LOADING | CMD_STALE, NO_KEYS, reply_help,
     "Prints this help."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
