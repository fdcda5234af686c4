/* keyspace: the databases, and the two doors to their keys.
 *
 * Handlers come in through lookup_read and lookup_write and go out through
 * key_changed. Whatever must happen whenever a key is used or changed has its
 * place there, and no handler needs to know. */
#ifndef STORE_KEYSPACE_H
#define STORE_KEYSPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/dict.h"
#include "store/entry.h"

struct db {
    int id;
    struct dict keys; /* of struct entry */
    int64_t volatile_count; /* keys that have an expiry */
    int64_t average_ttl_ms; /* of those the expire cycle has seen */
    uint64_t expire_cursor; /* how far the cycle is */
    uint64_t evict_cursor; /* where eviction looks for one with an expiry */
};

/* Counted since the start or the last CONFIG RESETSTAT. */
struct keyspace_stats {
    int64_t hits;
    int64_t misses;
};
extern struct keyspace_stats keyspace_stats;

void keyspace_open(int databases);
void keyspace_close(void);
int db_count(void);
struct db *db_at(int id);

/* The entry of a key, for reading its value or for changing it; NULL when
 * there is none. Valid until the keyspace changes. */
struct entry *lookup_read(struct db *db, struct slice key);
struct entry *lookup_write(struct db *db, struct slice key);

/* Brings what will be looked up soon into the cache; changes nothing. */
void db_prefetch(struct db *db, const struct slice *keys, size_t count);

/* For asking about a key without using it: EXISTS, TYPE, OBJECT. It counts as
 * a hit or a miss all the same. */
struct entry *lookup_query(struct db *db, struct slice key);

/* For looking at a key without any trace: DEBUG. One whose time has come is
 * seen, too. */
struct entry *lookup_peek(struct db *db, struct slice key);

/* Adds an entry whose key is not there yet. The db owns it now. */
void db_add(struct db *db, struct entry *e);

/* Stores a string under the key, whatever was there before; an expiry goes. */
struct entry *db_set_string(struct db *db, struct slice key,
                            struct slice value);

/* Gives a string another value and leaves all else about its key as it is.
 * Returns where the entry is now. */
struct entry *db_update_string(struct db *db, struct entry *e,
                               struct slice value);

/* Makes a string's bytes editable, at least `len` of them, new ones zero.
 * Returns where the entry is now, and its bytes through *data. */
struct entry *db_edit_string(struct db *db, struct entry *e, size_t len,
                             char **data);

/* Puts an entry in the place of the one with the same key, if there is one,
 * which is freed. The entry itself must not be there already. */
void db_replace(struct db *db, struct entry *e);

/* Takes the entry out without freeing it; NULL when there is none. */
struct entry *db_take(struct db *db, struct slice key);

/* Removes a key and frees its value, a large one bit by bit if `lazily`. False
 * when there is none. */
bool db_delete(struct db *db, struct slice key, bool lazily);

/* Removes all keys. Returns how many there were. */
size_t db_clear(struct db *db, bool lazily);

/* The two exchange their keys. */
void db_swap(struct db *a, struct db *b);

size_t db_size(const struct db *db);

/* A key by chance, or NULL. */
struct entry *db_random(struct db *db);

/* A step of a walk over the keys, as dict_scan. */
typedef void entry_visit_fn(void *context, struct entry *e);
uint64_t db_scan(struct db *db, uint64_t cursor, entry_visit_fn *visit,
                 void *context);
void db_each(struct db *db, entry_visit_fn *visit, void *context);

/* Goes on with resizing the dicts of the databases for about that long. */
void keyspace_rehash(int64_t budget_us);

/* Must be called for every change, after it: `event` is what keyspace
 * notifications call it ("set", "del"). A key without bytes (ptr NULL) means
 * all keys of the db at once. */
void key_changed(struct db *db, struct slice key, const char *event);

/* How often key_changed was called. */
uint64_t keyspace_changes(void);

/* Calls fn for each change from now on. */
typedef void key_observer_fn(struct db *db, struct slice key,
                             const char *event);
void keyspace_observe(key_observer_fn *fn);

#endif
