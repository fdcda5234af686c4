#include "store/keyspace.h"

#include <stddef.h>

#include "common/clock.h"
#include "common/zmalloc.h"
#include "store/lazyfree.h"
#include "store/string.h"
#include "store/type.h"

enum {
    OBSERVERS_MAX = 8,
    REHASH_BUCKETS = 100,
    PREFETCH_MAX = 16,
};

struct keyspace_stats keyspace_stats;

static struct db *databases;
static int database_count;
static uint64_t changes;
static key_observer_fn *observers[OBSERVERS_MAX];
static int observer_count;

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

static const struct dict_type keys_type = {.key = node_key, .free = node_free};

/* Of keys that are freed bit by bit: a large value among them is freed so, too. */
static void node_free_lazily(struct dict_node *node)
{
    lazyfree_entry(entry_of(node));
}

static const struct dict_type lazy_keys_type = {.key = node_key,
                                                .free = node_free_lazily};

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
    lazyfree_finish();
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

static struct entry *find(struct db *db, struct slice key)
{
    return entry_of(dict_find(&db->keys, key));
}

struct entry *lookup_peek(struct db *db, struct slice key)
{
    return find(db, key);
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
    return lookup_query(db, key);
}

struct entry *lookup_write(struct db *db, struct slice key)
{
    return find(db, key);
}

void db_prefetch(struct db *db, const struct slice *keys, size_t count)
{
    uint64_t hashes[PREFETCH_MAX];
    struct dict_node *nodes[PREFETCH_MAX];
    while (count > 0 && db_size(db) > 0) {
        size_t some = count < PREFETCH_MAX ? count : PREFETCH_MAX;
        for (size_t i = 0; i < some; i++)
            hashes[i] = dict_hash(keys[i]);
        dict_prefetch(&db->keys, hashes, nodes, some);
        for (size_t i = 0; i < some; i++) {
            if (nodes[i])
                entry_prefetch(entry_of(nodes[i]));
        }
        keys += some;
        count -= some;
    }
}

void db_add(struct db *db, struct entry *e)
{
    dict_insert(&db->keys, &e->node, dict_hash(entry_key(e)));
}

/* Puts `e` where `link` points to the entry that had the key so far. */
static struct entry *put(struct dict_node **link, struct entry *e)
{
    struct entry *old = entry_of(*link);
    e->node.next = old->node.next;
    *link = &e->node;
    return old;
}

struct entry *db_set_string(struct db *db, struct slice key, struct slice value)
{
    uint64_t hash = dict_hash(key);
    struct dict_node **link = dict_find_link(&db->keys, key, hash);
    if (link && entry_of(*link)->type == TYPE_STRING &&
        string_assign(entry_of(*link), value))
        return entry_of(*link);
    struct entry *e = string_create(key, value);
    if (link)
        lazyfree_entry(put(link, e));
    else
        dict_insert(&db->keys, &e->node, hash);
    return e;
}

struct entry *db_update_string(struct db *db, struct entry *e,
                               struct slice value)
{
    if (string_assign(e, value))
        return e;
    struct entry *updated = string_create(entry_key(e), value);
    updated->node.next = e->node.next;
    dict_moved(&db->keys, &e->node, &updated->node);
    entry_free(e);
    return updated;
}

struct entry *db_edit_string(struct db *db, struct entry *e, size_t len,
                             char **data)
{
    struct entry *edited = string_edit(e, len, data);
    if (edited != e)
        dict_moved(&db->keys, &e->node, &edited->node);
    return edited;
}

void db_replace(struct db *db, struct entry *e)
{
    struct slice key = entry_key(e);
    uint64_t hash = dict_hash(key);
    struct dict_node **link = dict_find_link(&db->keys, key, hash);
    if (link)
        lazyfree_entry(put(link, e));
    else
        dict_insert(&db->keys, &e->node, hash);
}

struct entry *db_take(struct db *db, struct slice key)
{
    return entry_of(dict_remove(&db->keys, key));
}

bool db_delete(struct db *db, struct slice key, bool lazily)
{
    struct entry *e = db_take(db, key);
    if (!e)
        return false;
    if (lazily)
        lazyfree_entry(e);
    else
        entry_free(e);
    return true;
}

size_t db_clear(struct db *db, bool lazily)
{
    size_t count = dict_count(&db->keys);
    if (lazily) {
        db->keys.type = &lazy_keys_type;
        lazyfree_dict(&db->keys);
    } else {
        dict_free(&db->keys);
    }
    dict_init(&db->keys, &keys_type);
    return count;
}

void db_swap(struct db *a, struct db *b)
{
    struct db was = *a;
    *a = *b;
    *b = was;
    b->id = a->id;
    a->id = was.id;
}

size_t db_size(const struct db *db)
{
    return dict_count(&db->keys);
}

struct entry *db_random(struct db *db)
{
    return entry_of(dict_random(&db->keys));
}

struct visit {
    entry_visit_fn *fn;
    void *context;
};

static void visit_node(void *context, struct dict_node *node)
{
    const struct visit *visit = context;
    visit->fn(visit->context, entry_of(node));
}

uint64_t db_scan(struct db *db, uint64_t cursor, entry_visit_fn *visit,
                 void *context)
{
    struct visit v = {visit, context};
    return dict_scan(&db->keys, cursor, visit_node, &v);
}

void db_each(struct db *db, entry_visit_fn *visit, void *context)
{
    struct visit v = {visit, context};
    dict_each(&db->keys, visit_node, &v);
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
    changes++;
    for (int i = 0; i < observer_count; i++)
        observers[i](db, key, event);
}

uint64_t keyspace_changes(void)
{
    return changes;
}

void keyspace_observe(key_observer_fn *fn)
{
    observers[observer_count++] = fn;
}
