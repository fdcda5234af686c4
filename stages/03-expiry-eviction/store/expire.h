/* expire: keys that leave when their time has come.
 *
 * An expired key is gone the moment somebody looks for it. One that nobody
 * looks for again would stay for ever, so a cursor walks through the keyspace
 * and takes out what is due: slowly while little is found, a slice after the
 * other while much is. */
#ifndef STORE_EXPIRE_H
#define STORE_EXPIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/slice.h"
#include "store/entry.h"

struct db;

struct expire_stats {
    int64_t expired_keys;
    int64_t time_cap_reached; /* slices that ended by the clock */
    double stale_percent; /* an estimate: expired among those with an expiry */
};
extern struct expire_stats expire_stats;

/* Whether the entry's time has come. */
bool entry_is_expired(const struct entry *e);

/* Sets or, with NO_EXPIRY, takes away a key's expiry. Returns where its entry
 * is now. */
struct entry *db_set_expiry(struct db *db, struct entry *e, int64_t when_ms);

/* Removes an entry whose time has come; `e` is gone. */
void db_expire(struct db *db, struct entry *e);

/* How many keys have an expiry, and how long they live on average, in
 * milliseconds: an estimate, 0 when there is none. */
int64_t db_volatile_count(const struct db *db);
int64_t db_average_ttl(const struct db *db);

/* Walks on and removes what is due. Returns after how many milliseconds it
 * wants to be called again. */
int64_t expire_cycle(void);

/* DEBUG SET-ACTIVE-EXPIRE: off, only those that are looked for leave. */
void expire_set_active(bool on);

#endif
