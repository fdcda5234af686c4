/* expire: removes expired keys that no client looks up.
 *
 * An expired key is missing from the moment that it is looked up. One that is
 * never looked up again would keep its memory forever. So a cursor goes through
 * the keyspace and removes expired keys: a slice of a millisecond every 100 ms
 * while it finds few, one after the other while it finds many. Whatever the
 * number of keys, no client waits longer than a slice. (expire.c in Redis.)
 * Does not know timers: its caller calls it again when it says. */
#ifndef STORE_EXPIRE_H
#define STORE_EXPIRE_H

#include <stdbool.h>
#include <stdint.h>

/* Removes expired keys for about one slice, or none while that is not allowed.
 * Returns after how many milliseconds it is to be called again. */
int64_t expire_cycle(void);

/* What the cycle has learned. */
struct expire_report {
    int64_t seen; /* keys with an expiration time, for the estimate so far */
    int64_t expired; /* those of them that had expired */
    bool
        out_of_time; /* the slice ended first; otherwise the estimate is done */
};

/* Adds an observer: fn is called with each report. */
typedef void expire_report_fn(const struct expire_report *report);
void expire_on_report(expire_report_fn *fn);

#endif
