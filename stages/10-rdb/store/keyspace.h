/* keyspace: the databases, and the one way to their keys.
 *
 * A handler comes in through a lookup, and goes out through key_changed:
 *
 *   to reply the value             lookup_read     counts a hit or a miss, and
 *                                                  the use of the key
 *   to change the value            lookup_write    counts the use of the key
 *   to reply something about it    lookup_query    counts a hit or a miss
 *   to know whether it exists      db_has          nothing: it leaves no trace
 *   after each change              key_changed     counts the change
 *
 * A key whose time is over is missing for every lookup, which removes it:
 * unless the server may not remove keys for now (keyspace_allow_removal), and
 * then it stays, but is missing all the same.
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
    int64_t volatile_count; /* keys that have an expiration time */
    uint64_t expire_cursor; /* of dict_scan: how far the expire cycle is */
    uint64_t evict_cursor; /* of dict_scan: how far eviction has searched */
};

/* Counted since the start or the last CONFIG RESETSTAT. */
struct keyspace_stats {
    int64_t hits;
    int64_t misses;
    int64_t expired;
    int64_t evicted;
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

/* Returns whether the key exists. One whose time is over does not, but is not
 * removed either. */
bool db_has(struct db *db, struct slice key);

/* Adds an entry whose key the database does not have. The db owns it now. */
void db_add(struct db *db, struct entry *e);

/* Adds an entry that was read from a file. That is not a change, so no observer
 * is called. Returns false and adds nothing if the key exists. */
bool db_restore(struct db *db, struct entry *e);

/* Stores a string under the key, and overwrites what was there, whatever its
 * type and expiration time. Returns the entry. */
struct entry *db_set_string(struct db *db, struct slice key,
                            struct slice value);

/* The same with an expiration time, or with KEEP_EXPIRY for the one that the
 * key has so far. */
enum { KEEP_EXPIRY = -2 };
struct entry *db_set_string_until(struct db *db, struct slice key,
                                  struct slice value, int64_t when_ms);

/* Sets a key's expiration time, or clears it with NO_EXPIRY. Returns where the
 * entry is now. */
struct entry *db_set_expiry(struct db *db, struct entry *e, int64_t when_ms);

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

/* The same, but a large value is freed in steps. */
bool db_unlink(struct db *db, struct slice key);

/* Deletes all keys of a database, and frees them at once or in steps. */
void db_clear(struct db *db);
void db_clear_lazily(struct db *db);

/* Returns the number of keys. */
size_t db_size(const struct db *db);

/* Which keys a caller wants. A field whose ptr is NULL excludes none. */
struct key_filter {
    struct slice pattern; /* as KEYS takes it */
    struct slice type; /* as TYPE replies it; another name excludes all keys */
};

/* Visits each wanted key once, but none that has expired. `visit` must not
 * change the keyspace. */
typedef void entry_visit_fn(void *context, struct entry *e);
void db_each(struct db *db, const struct key_filter *filter,
             entry_visit_fn *visit, void *context);

/* Looks at about `count` keys from the cursor on, and visits the wanted ones.
 * It removes those that have expired. Returns the next cursor, 0 at the end;
 * dict_scan says what is guaranteed. */
uint64_t db_scan(struct db *db, uint64_t cursor,
                 const struct key_filter *filter, int64_t count,
                 entry_visit_fn *visit, void *context);

/* Why the server removes a key that no client has deleted. */
enum removal {
    REMOVAL_BY_LOOKUP, /* it had expired, and was looked up or scanned */
    REMOVAL_BY_CYCLE, /* it had expired, and the expire cycle found it */
    REMOVAL_BY_LOADING, /* it had expired, and was read from a file */
    REMOVAL_BY_EVICTION /* memory is short */
};

/* Adds a function that removal_is_allowed asks: all must allow a removal. While
 * one refuses, keys stay, and memory may exceed maxmemory. */
typedef bool removal_fn(enum removal why);
void keyspace_allow_removal(removal_fn *fn);
bool removal_is_allowed(enum removal why);

/* Removes a key for that reason: counts it, tells the observers, frees it. The
 * caller has made sure that it is allowed. */
void db_remove(struct db *db, struct entry *e, enum removal why);

/* Adds an observer: fn is called with each key that is removed so, when the
 * database does not have it any more. */
typedef void removed_fn(struct db *db, struct slice key, enum removal why);
void keyspace_on_removed(removed_fn *fn);

/* Moves buckets of those dicts that are being resized, for about that long. */
void keyspace_rehash(int64_t budget_us);

/* Must be called after every change of a key. `event` is Redis's name for it in
 * keyspace notifications ("set", "del"), or NULL if it makes none for the
 * change. A key whose ptr is NULL means all keys of the db at once. */
void key_changed(struct db *db, struct slice key, const char *event);

/* Returns how often key_changed was called since the start. */
uint64_t keyspace_changes(void);

/* Adds an observer: fn is called with each change, as key_changed is. It must
 * not change the keyspace, since the command that did so still runs. */
typedef void change_fn(struct db *db, struct slice key, const char *event);
void keyspace_observe(change_fn *fn);

/* Adds an observer of what is no change by itself: "new" before a key that was
 * missing is reported as changed, "keymiss" if a key that is looked up to be
 * read is missing. */
void keyspace_on_event(change_fn *fn);

#endif
