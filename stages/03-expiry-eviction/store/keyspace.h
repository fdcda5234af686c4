/* keyspace: the databases, and the two doors to their keys.
 *
 * Handlers come in through a lookup and go out through key_changed. Whatever
 * must happen whenever a key is used or changed has its place there, and no
 * handler needs to know.
 *
 *   lookup_read    for the value                    counts a hit or a miss
 *   lookup_write   for changing the value           counts nothing
 *   lookup_query   for a question about the key     counts a hit or a miss
 *
 * The entry that a lookup returns is valid until the keyspace changes. A key
 * whose time has come is missing for all of them, and is deleted. */
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
    uint64_t expire_cursor; /* how far the expire cycle is */
    uint64_t evict_cursor; /* where eviction looks for one with an expiry */
};

/* Counted since the start or the last CONFIG RESETSTAT. */
struct keyspace_stats {
    int64_t hits;
    int64_t misses;
    int64_t expired;
    int64_t evicted;
};
extern struct keyspace_stats keyspace_stats;

void keyspace_open(int databases);
void keyspace_close(void);
int db_count(void);
struct db *db_at(int id);

/* The entry of a key, or NULL. */
struct entry *lookup_read(struct db *db, struct slice key);
struct entry *lookup_write(struct db *db, struct slice key);
struct entry *lookup_query(struct db *db, struct slice key);

/* Adds an entry whose key is not there yet. The db owns it now. */
void db_add(struct db *db, struct entry *e);

/* Stores a string under the key, whatever was there before; an expiry goes. */
struct entry *db_set_string(struct db *db, struct slice key,
                            struct slice value);

/* The same with an expiry, or with the one that the key has. */
enum { KEEP_EXPIRY = -2 };
struct entry *db_set_string_until(struct db *db, struct slice key,
                                  struct slice value, int64_t when_ms);

/* Sets or, with NO_EXPIRY, clears a key's expiry. Returns where its entry is
 * now. */
struct entry *db_set_expiry(struct db *db, struct entry *e, int64_t when_ms);

/* Makes the value of a key an integer; `e` is the string it has, or NULL. */
void db_set_integer(struct db *db, struct slice key, struct entry *e,
                    int64_t value);

/* Makes a string's bytes editable, at least `len` of them, new ones zero.
 * Returns where the entry is now, and its bytes through *data. */
struct entry *db_edit_string(struct db *db, struct entry *e, size_t len,
                             char **data);

/* Takes the entry out without freeing it; NULL when there is none. */
struct entry *db_take(struct db *db, struct slice key);

/* Deletes a key and frees its value. Returns false when there is none. */
bool db_delete(struct db *db, struct slice key);

/* Deletes all keys. */
void db_clear(struct db *db);

size_t db_size(const struct db *db);

/* Which keys are wanted; a part without bytes (ptr NULL) wants all. */
struct key_filter {
    struct slice pattern;
    struct slice type; /* a name; one that no type has wants none */
};

/* Visits each key that is wanted. `visit` may not change the keyspace. */
typedef void entry_visit_fn(void *context, struct entry *e);
void db_each(struct db *db, const struct key_filter *filter,
             entry_visit_fn *visit, void *context);

/* Looks at about `count` keys from the cursor on and visits those that are
 * wanted. Returns the next cursor, 0 at the end; see dict_scan. */
uint64_t db_scan(struct db *db, uint64_t cursor,
                 const struct key_filter *filter, int64_t count,
                 entry_visit_fn *visit, void *context);

/* Why the server itself removes a key. */
enum removal {
    REMOVAL_BY_LOOKUP, /* it was looked up when its time had come */
    REMOVAL_BY_CYCLE, /* nobody has looked it up */
    REMOVAL_BY_EVICTION
};

/* Whether the server may do that now: it asks fn. */
typedef bool removal_fn(enum removal why);
void keyspace_allow_removal(removal_fn *fn);
bool removal_is_allowed(enum removal why);

/* Removes a key that no client has deleted. */
void db_remove(struct db *db, struct entry *e, enum removal why);

/* Calls fn with each key that was removed so. */
typedef void removed_fn(struct db *db, struct slice key, enum removal why);
void keyspace_on_removed(removed_fn *fn);

/* Goes on with resizing the dicts of the databases for about that long. */
void keyspace_rehash(int64_t budget_us);

/* Must be called for every change, after it: `event` is what keyspace
 * notifications call it ("set", "del"). A key without bytes (ptr NULL) means
 * all keys of the db at once. */
void key_changed(struct db *db, struct slice key, const char *event);

/* How often key_changed was called. */
uint64_t keyspace_changes(void);

#endif
