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
 * The entry that a lookup returns is valid until the keyspace changes. */
#ifndef STORE_KEYSPACE_H
#define STORE_KEYSPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/dict.h"
#include "store/entry.h"

struct db {
    int id;
    struct dict keys; /* of struct entry */
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

/* The entry of a key, or NULL. */
struct entry *lookup_read(struct db *db, struct slice key);
struct entry *lookup_write(struct db *db, struct slice key);
struct entry *lookup_query(struct db *db, struct slice key);

/* Adds an entry whose key is not there yet. The db owns it now. */
void db_add(struct db *db, struct entry *e);

/* Stores a string under the key, whatever was there before. */
struct entry *db_set_string(struct db *db, struct slice key,
                            struct slice value);

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

/* Goes on with resizing the dicts of the databases for about that long. */
void keyspace_rehash(int64_t budget_us);

/* Must be called for every change, after it: `event` is what keyspace
 * notifications call it ("set", "del"). A key without bytes (ptr NULL) means
 * all keys of the db at once. */
void key_changed(struct db *db, struct slice key, const char *event);

/* How often key_changed was called. */
uint64_t keyspace_changes(void);

#endif
