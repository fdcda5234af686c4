/* keyspace: the databases, and the one way to their keys.
 *
 * A handler comes in through a lookup, and goes out through key_changed:
 *
 *   to reply the value             lookup_read     counts a hit or a miss
 *   to change the value            lookup_write    counts nothing
 *   to reply something about it    lookup_query    counts a hit or a miss
 *   after each change              key_changed     counts the change
 *
 * What must happen whenever a key is used or changed has its place in the
 * lookups and in key_changed, so no handler needs to know of it.
 *
 * An entry that a lookup returns is valid until the next call that adds,
 * changes or deletes a key; after that, look it up again. Lookups and changes
 * of one key are O(1), but for the bytes of the value. Knows no client, command
 * or reply. */
#ifndef STORE_KEYSPACE_H
#define STORE_KEYSPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/dict.h"
#include "store/entry.h"

struct db {
    int id; /* its place in the array; what SELECT takes */
    struct dict keys; /* its nodes are the first member of a struct entry */
};

/* Counted since the start or the last CONFIG RESETSTAT. */
struct keyspace_stats {
    int64_t hits;
    int64_t misses;
};
extern struct keyspace_stats keyspace_stats;

/* Opens that many empty databases, and frees them with all keys. A db stays at
 * its address from one to the other. */
void keyspace_open(int databases);
void keyspace_close(void);

/* The number of databases, and one of them: 0 <= id < db_count(). */
int db_count(void);
struct db *db_at(int id);

/* Return the entry of a key, or NULL if it is missing; see the table above. */
struct entry *lookup_read(struct db *db, struct slice key);
struct entry *lookup_write(struct db *db, struct slice key);
struct entry *lookup_query(struct db *db, struct slice key);

/* Adds an entry whose key the database does not have. The db owns it now. */
void db_add(struct db *db, struct entry *e);

/* Stores a string under the key, and overwrites what was there, whatever its
 * type. Returns the entry. */
struct entry *db_set_string(struct db *db, struct slice key,
                            struct slice value);

/* Makes the value of a key an integer. `e` is the entry of the string that it
 * has so far, or NULL if the key is missing; it is not valid afterwards. */
void db_set_integer(struct db *db, struct slice key, struct entry *e,
                    int64_t value);

/* Makes at least `len` bytes of a string's value writable, new ones zero, for
 * the caller to change through *data. Returns where the entry is now. */
struct entry *db_edit_string(struct db *db, struct entry *e, size_t len,
                             char **data);

/* Removes a key and returns its entry, or NULL if it is missing. The caller
 * owns it now. */
struct entry *db_take(struct db *db, struct slice key);

/* Deletes a key and frees its value. Returns false if it is missing. */
bool db_delete(struct db *db, struct slice key);

/* Deletes all keys of a database. */
void db_clear(struct db *db);

/* Returns the number of keys. */
size_t db_size(const struct db *db);

/* Which keys a caller wants. A field whose ptr is NULL excludes none. */
struct key_filter {
    struct slice pattern; /* as KEYS takes it */
    struct slice type; /* as TYPE replies it; another name excludes all keys */
};

/* Visits each wanted key once. `visit` must not change the keyspace. */
typedef void entry_visit_fn(void *context, struct entry *e);
void db_each(struct db *db, const struct key_filter *filter,
             entry_visit_fn *visit, void *context);

/* Looks at about `count` keys from the cursor on, and visits the wanted ones.
 * Returns the next cursor, 0 at the end; dict_scan says what is guaranteed. */
uint64_t db_scan(struct db *db, uint64_t cursor,
                 const struct key_filter *filter, int64_t count,
                 entry_visit_fn *visit, void *context);

/* Moves buckets of those dicts that are being resized, for about that long. */
void keyspace_rehash(int64_t budget_us);

/* Must be called after every change of a key. `event` is Redis's name for it in
 * keyspace notifications ("set", "del"). A key whose ptr is NULL means all keys
 * of the db at once. */
void key_changed(struct db *db, struct slice key, const char *event);

/* Returns how often key_changed was called since the start. */
uint64_t keyspace_changes(void);

#endif
