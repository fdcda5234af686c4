/* keyspace, inside: an array of databases, each with one dict of entries.
 *
 *   databases[0]   keys: dict -> entry, entry, ...
 *   databases[1]   keys: dict -> entry, ...
 *
 * The dict knows nodes. A node and its entry have one address, because the node
 * is the entry's first member. A change of the value may move the entry: the
 * functions of this file make such changes, and put the entry's new address
 * into the chain of the dict. A handler that uses them need not care.
 *
 * volatile_count is the number of entries of a db that have an expiration
 * time. Each function here that adds, replaces, changes or takes an entry
 * keeps it right: with it, a database without such keys costs the expire
 * cycle nothing. */
#include "store/keyspace.h"

#include <stddef.h>

#include "common/clock.h"
#include "common/glob.h"
#include "common/hooks.h"
#include "common/zmalloc.h"
#include "store/memory.h"
#include "store/string.h"
#include "store/type.h"

enum {
    REHASH_BUCKETS = 100, /* between two looks at the clock */
    STEPS_PER_KEY = 10, /* of a scan, for each key that COUNT asks for */
    EXPIRED_MAX = 64 /* expired keys that one step of a scan removes */
};

struct keyspace_stats keyspace_stats;

static struct db *databases;
static int database_count; /* does not change while they are open */

/* Returns the entry of a node, NULL for NULL: both have one address. */
static struct entry *entry_of(struct dict_node *node)
{
    return (struct entry *)node;
}

/* What the dict calls for the key of a node. */
static struct slice node_key(const struct dict_node *node)
{
    return entry_key((const struct entry *)node);
}

/* What dict_free calls for each node, and so db_clear for each entry. */
static void node_free(struct dict_node *node)
{
    entry_free(entry_of(node));
}

static const struct dict_type keys_type = {
    .key = node_key,
    .free = node_free,
    .may_grow = memory_has_room,
};

void keyspace_open(int count)
{
    database_count = count;
    databases = zcalloc((size_t)count, sizeof *databases);
    for (int i = 0; i < count; i++) {
        databases[i].id = i;
        dict_init(&databases[i].keys, &keys_type);
    }
}

void keyspace_close(void)
{
    for (int i = 0; i < database_count; i++)
        dict_free(&databases[i].keys);
    zfree(databases);
    databases = NULL;
    database_count = 0;
}

int db_count(void)
{
    return database_count;
}

struct db *db_at(int id)
{
    return &databases[id];
}

static struct hooks allowing; /* of removal_fn */
static struct hooks removed; /* of removed_fn */

void keyspace_allow_removal(removal_fn *fn)
{
    hooks_add(&allowing, (hook_fn *)fn);
}

bool removal_is_allowed(enum removal why)
{
    bool is_allowed = true;
    for (int i = 0; i < allowing.count; i++)
        is_allowed &= ((removal_fn *)allowing.fn[i])(why);
    return is_allowed;
}

void keyspace_on_removed(removed_fn *fn)
{
    hooks_add(&removed, (hook_fn *)fn);
}

/* The key's bytes are in the entry, so it is freed after the observers have
 * seen them. */
void db_remove(struct db *db, struct entry *e, enum removal why)
{
    struct entry *taken = db_take(db, entry_key(e));
    if (why == REMOVAL_BY_EVICTION)
        keyspace_stats.evicted++;
    else
        keyspace_stats.expired++;
    hooks_call(&removed, removed_fn, db, entry_key(taken), why);
    entry_free(taken);
}

/* Returns the entry of a key, or NULL. Every lookup passes here, so this is
 * where a key is missing from the moment that its time is over. */
static struct entry *find(struct db *db, struct slice key)
{
    struct entry *e = entry_of(dict_find(&db->keys, key));
    if (!e || !entry_is_expired(e))
        return e;
    if (removal_is_allowed(REMOVAL_BY_LOOKUP))
        db_remove(db, e, REMOVAL_BY_LOOKUP);
    return NULL;
}

struct entry *lookup_query(struct db *db, struct slice key)
{
    struct entry *e = find(db, key);
    if (e)
        keyspace_stats.hits++;
    else
        keyspace_stats.misses++;
    return e;
}

struct entry *lookup_read(struct db *db, struct slice key)
{
    struct entry *e = lookup_query(db, key);
    if (e)
        entry_touch(e);
    return e;
}

struct entry *lookup_write(struct db *db, struct slice key)
{
    struct entry *e = find(db, key);
    if (e)
        entry_touch(e);
    return e;
}

void db_add(struct db *db, struct entry *e)
{
    dict_insert(&db->keys, &e->node, dict_hash(entry_key(e)));
    db->volatile_count += entry_is_volatile(e);
}

/* SET is the most frequent write, so it hashes the key once, for the search and
 * for inserting, and allocates nothing if the value fits the entry that is
 * there. Otherwise the new entry takes the old one's place in the chain. */
struct entry *db_set_string_until(struct db *db, struct slice key,
                                  struct slice value, int64_t when_ms)
{
    uint64_t hash = dict_hash(key);
    struct dict_node **link = dict_find_link(&db->keys, key, hash);
    struct entry *old = link ? entry_of(*link) : NULL;
    if (old && entry_is_expired(old)) {
        /* Nothing of it may stay: no value, no history, not even its place. It
         * is allowed, because where removals are not, writes are not. */
        db_remove(db, old, REMOVAL_BY_LOOKUP);
        old = NULL;
    }
    if (when_ms == KEEP_EXPIRY)
        when_ms = old ? entry_expiry(old) : NO_EXPIRY;
    db->volatile_count += when_ms != NO_EXPIRY;
    if (old)
        db->volatile_count -= entry_is_volatile(old);
    if (old)
        entry_touch(old); /* its history of use stays with the key */
    if (old && old->type == TYPE_STRING && string_assign(old, value)) {
        struct entry *e = entry_set_expiry(old, when_ms);
        *link = &e->node;
        return e;
    }
    struct entry *e = string_create_until(key, value, when_ms);
    if (old) {
        e->access = old->access;
        e->node.next = old->node.next;
        *link = &e->node;
        entry_free(old);
    } else {
        dict_insert(&db->keys, &e->node, hash);
    }
    return e;
}

struct entry *db_set_string(struct db *db, struct slice key, struct slice value)
{
    return db_set_string_until(db, key, value, NO_EXPIRY);
}

/* The entry moves when it gets its first expiration time. */
struct entry *db_set_expiry(struct db *db, struct entry *e, int64_t when_ms)
{
    db->volatile_count += (when_ms != NO_EXPIRY) - entry_is_volatile(e);
    struct entry *set = entry_set_expiry(e, when_ms);
    if (set != e)
        dict_moved(&db->keys, &e->node, &set->node);
    return set;
}

/* An integer is overwritten where it is, so that INCR allocates nothing. */
void db_set_integer(struct db *db, struct slice key, struct entry *e,
                    int64_t value)
{
    if (e && e->encoding == ENCODING_INT) {
        entry_set_integer(e, value);
        return;
    }
    struct entry *created = string_create_integer(key, value);
    if (!e) {
        db_add(db, created);
        return;
    }
    created = entry_inherit(created, e);
    dict_moved(&db->keys, &e->node, &created->node);
    entry_free(e);
}

struct entry *db_edit_string(struct db *db, struct entry *e, size_t len,
                             char **data)
{
    struct entry *edited = string_edit(e, len, data);
    if (edited != e)
        dict_moved(&db->keys, &e->node, &edited->node);
    return edited;
}

struct entry *db_take(struct db *db, struct slice key)
{
    struct entry *e = entry_of(dict_remove(&db->keys, key));
    if (e)
        db->volatile_count -= entry_is_volatile(e);
    return e;
}

/* A key that has expired is removed, but the client has not deleted it. */
bool db_delete(struct db *db, struct slice key)
{
    struct entry *e = find(db, key);
    if (e)
        entry_free(db_take(db, key));
    return e;
}

void db_clear(struct db *db)
{
    dict_free(&db->keys);
    db->volatile_count = 0;
}

size_t db_size(const struct db *db)
{
    return dict_count(&db->keys);
}

/* What the dict hands to visit_node: the filter, and what to call with the
 * entries that pass it. */
struct visit {
    const struct key_filter *filter;
    entry_visit_fn *fn;
    void *context; /* the first argument of fn */
    int64_t seen; /* entries so far, wanted or not */
    struct entry *expired[EXPIRED_MAX]; /* those of the last step */
    int expired_count;
};

/* The pattern "*" matches every key, so it is not compared with any. */
static void visit_node(void *context, struct dict_node *node)
{
    struct visit *visit = context;
    const struct key_filter *filter = visit->filter;
    struct entry *e = entry_of(node);
    visit->seen++;
    if (filter->pattern.ptr && !slice_equal(filter->pattern, SLICE("*")) &&
        !glob_match(filter->pattern, entry_key(e), false))
        return;
    if (entry_is_expired(e)) {
        if (visit->expired_count < EXPIRED_MAX)
            visit->expired[visit->expired_count++] = e;
        return;
    }
    if (!filter->type.ptr || slice_is(filter->type, type_rows[e->type].name))
        visit->fn(visit->context, e);
}

void db_each(struct db *db, const struct key_filter *filter, entry_visit_fn *fn,
             void *context)
{
    struct visit visit = {.filter = filter, .fn = fn, .context = context};
    dict_each(&db->keys, visit_node, &visit);
}

/* A step may come upon empty buckets only. So a call ends after ten steps
 * for each key that was asked for, even if it has seen fewer keys: what a
 * call costs does not depend on how full the dict is. Expired keys are
 * removed after the step that found them, because the dict must not change
 * while it visits. */
uint64_t db_scan(struct db *db, uint64_t cursor,
                 const struct key_filter *filter, int64_t count,
                 entry_visit_fn *fn, void *context)
{
    struct visit visit = {.filter = filter, .fn = fn, .context = context};
    int64_t steps =
        count > INT64_MAX / STEPS_PER_KEY ? INT64_MAX : count * STEPS_PER_KEY;
    do {
        visit.expired_count = 0;
        cursor = dict_scan(&db->keys, cursor, visit_node, &visit);
        for (int i = 0; i < visit.expired_count; i++) {
            if (removal_is_allowed(REMOVAL_BY_LOOKUP))
                db_remove(db, visit.expired[i], REMOVAL_BY_LOOKUP);
        }
    } while (cursor && steps-- > 0 && visit.seen < count);
    return cursor;
}

/* Most calls find nothing to do, and then cost one look at each database. */
void keyspace_rehash(int64_t budget_us)
{
    int64_t end_us = monotonic_us() + budget_us;
    for (int i = 0; i < database_count; i++) {
        while (dict_rehash(&databases[i].keys, REHASH_BUCKETS)) {
            if (monotonic_us() >= end_us)
                return;
        }
    }
}

static uint64_t changes; /* calls of key_changed; only grows */

/* The number of changes is all that is kept: a caller compares it before and
 * after a command to learn whether anything has changed. */
void key_changed(struct db *db, struct slice key, const char *event)
{
    (void)db, (void)key, (void)event;
    changes++;
}

uint64_t keyspace_changes(void)
{
    return changes;
}
