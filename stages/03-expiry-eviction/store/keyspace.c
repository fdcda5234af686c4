#include "store/keyspace.h"

#include <stddef.h>

#include "common/clock.h"
#include "common/glob.h"
#include "common/hooks.h"
#include "common/zmalloc.h"
#include "store/access.h"
#include "store/memory.h"
#include "store/string.h"
#include "store/type.h"

enum {
    REHASH_BUCKETS = 100,
    STEPS_PER_KEY = 10, /* of a scan that finds too few */
    EXPIRED_MAX = 64 /* keys that a step of a scan removes */
};

struct keyspace_stats keyspace_stats;

static struct db *databases;
static int database_count;
static uint64_t changes;
static removal_fn *allow_removal;
static struct hooks removed;

/* The node is the first member: entry and node have one address. */
static struct entry *entry_of(struct dict_node *node)
{
    return (struct entry *)node;
}

static struct slice node_key(const struct dict_node *node)
{
    return entry_key((const struct entry *)node);
}

static void node_free(struct dict_node *node)
{
    entry_free(entry_of(node));
}

static bool has_expiry(const struct entry *e)
{
    return entry_expiry(e) != NO_EXPIRY;
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

void keyspace_allow_removal(removal_fn *fn)
{
    allow_removal = fn;
}

bool removal_is_allowed(enum removal why)
{
    return !allow_removal || allow_removal(why);
}

void keyspace_on_removed(removed_fn *fn)
{
    hooks_add(&removed, (hook_fn *)fn);
}

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
        e->access = access_touched(e->access);
    return e;
}

struct entry *lookup_write(struct db *db, struct slice key)
{
    struct entry *e = find(db, key);
    if (e)
        e->access = access_touched(e->access);
    return e;
}

void db_add(struct db *db, struct entry *e)
{
    dict_insert(&db->keys, &e->node, dict_hash(entry_key(e)));
    db->volatile_count += has_expiry(e);
}

/* Puts `e` where `link` points to the entry that had the key so far. */
static void replace(struct db *db, struct dict_node **link, struct entry *e)
{
    struct entry *old = entry_of(*link);
    db->volatile_count += has_expiry(e) - has_expiry(old);
    e->access = access_touched(old->access);
    e->node.next = old->node.next;
    *link = &e->node;
    entry_free(old);
}

/* Gives the entry at `link` another value where it stands, and an expiry. NULL
 * when that takes another entry. */
static struct entry *assign(struct db *db, struct dict_node **link,
                            struct slice value, int64_t when_ms)
{
    struct entry *e = entry_of(*link);
    if (e->type != TYPE_STRING || !string_assign(e, value))
        return NULL;
    db->volatile_count += (when_ms != NO_EXPIRY) - has_expiry(e);
    e->access = access_touched(e->access);
    e = entry_set_expiry(e, when_ms);
    *link = &e->node;
    return e;
}

struct entry *db_set_string_until(struct db *db, struct slice key,
                                  struct slice value, int64_t when_ms)
{
    uint64_t hash = dict_hash(key);
    struct dict_node **link = dict_find_link(&db->keys, key, hash);
    if (link && entry_is_expired(entry_of(*link))) {
        db_remove(db, entry_of(*link), REMOVAL_BY_LOOKUP);
        link = NULL;
    }
    if (when_ms == KEEP_EXPIRY)
        when_ms = link ? entry_expiry(entry_of(*link)) : NO_EXPIRY;
    struct entry *e = link ? assign(db, link, value, when_ms) : NULL;
    if (e)
        return e;
    e = string_create_until(key, value, when_ms);
    if (link) {
        replace(db, link, e);
    } else {
        dict_insert(&db->keys, &e->node, hash);
        db->volatile_count += has_expiry(e);
    }
    return e;
}

struct entry *db_set_string(struct db *db, struct slice key, struct slice value)
{
    return db_set_string_until(db, key, value, NO_EXPIRY);
}

struct entry *db_set_expiry(struct db *db, struct entry *e, int64_t when_ms)
{
    db->volatile_count += (when_ms != NO_EXPIRY) - has_expiry(e);
    struct entry *set = entry_set_expiry(e, when_ms);
    if (set != e)
        dict_moved(&db->keys, &e->node, &set->node);
    return set;
}

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
        db->volatile_count -= has_expiry(e);
    return e;
}

bool db_delete(struct db *db, struct slice key)
{
    if (!find(db, key))
        return false;
    entry_free(db_take(db, key));
    return true;
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

/* Who visits which keys. */
struct visit {
    const struct key_filter *filter;
    entry_visit_fn *fn;
    void *context;
    int64_t seen; /* keys, wanted or not */
    struct entry *expired[EXPIRED_MAX]; /* those that it came by */
    int expired_count;
};

static bool has_pattern(const struct key_filter *filter, const struct entry *e)
{
    return !filter->pattern.ptr || slice_equal(filter->pattern, SLICE("*")) ||
           glob_match(filter->pattern, entry_key(e), false);
}

static bool has_type(const struct key_filter *filter, const struct entry *e)
{
    return !filter->type.ptr || slice_is(filter->type, type_rows[e->type].name);
}

static void visit_node(void *context, struct dict_node *node)
{
    struct visit *visit = context;
    struct entry *e = entry_of(node);
    visit->seen++;
    if (!has_pattern(visit->filter, e))
        return;
    if (!entry_is_expired(e)) {
        if (has_type(visit->filter, e))
            visit->fn(visit->context, e);
    } else if (visit->expired_count < EXPIRED_MAX) {
        visit->expired[visit->expired_count++] = e;
    }
}

/* Keys whose time has come are passed over, and stay. */
void db_each(struct db *db, const struct key_filter *filter, entry_visit_fn *fn,
             void *context)
{
    struct visit visit = {.filter = filter, .fn = fn, .context = context};
    dict_each(&db->keys, visit_node, &visit);
}

/* A step of a scan comes by keys whose time has come: they are removed after it,
 * since the dict may not change while it visits. */
static uint64_t scan_step(struct db *db, uint64_t cursor, struct visit *visit)
{
    visit->expired_count = 0;
    cursor = dict_scan(&db->keys, cursor, visit_node, visit);
    for (int i = 0; i < visit->expired_count; i++) {
        if (removal_is_allowed(REMOVAL_BY_LOOKUP))
            db_remove(db, visit->expired[i], REMOVAL_BY_LOOKUP);
    }
    return cursor;
}

/* Many empty buckets must not make a call long. */
uint64_t db_scan(struct db *db, uint64_t cursor,
                 const struct key_filter *filter, int64_t count,
                 entry_visit_fn *fn, void *context)
{
    struct visit visit = {.filter = filter, .fn = fn, .context = context};
    int64_t steps =
        count > INT64_MAX / STEPS_PER_KEY ? INT64_MAX : count * STEPS_PER_KEY;
    do {
        cursor = scan_step(db, cursor, &visit);
    } while (cursor && steps-- > 0 && visit.seen < count);
    return cursor;
}

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

void key_changed(struct db *db, struct slice key, const char *event)
{
    (void)db, (void)key, (void)event;
    changes++;
}

uint64_t keyspace_changes(void)
{
    return changes;
}
