/* expire: keys whose time has come and that nobody looks up.
 *
 * An expired key is missing the moment that it is looked up. One that nobody
 * looks up again would stay forever, so a cursor goes through the keyspace and
 * removes what is due: slowly while little is found, a slice of time after the
 * other while much is. (expire.c in Redis.) */
#ifndef STORE_EXPIRE_H
#define STORE_EXPIRE_H

#include <stdbool.h>
#include <stdint.h>

/* Goes on and removes what is due. Returns after how many milliseconds it wants
 * to be called again. */
int64_t expire_cycle(void);

/* What the cycle has learned. */
struct expire_report {
    int64_t seen; /* keys with an expiry, since the last report */
    int64_t expired; /* those of them that were due */
    bool out_of_time; /* the slice ended before the cycle was through */
};

/* Calls fn with each report. */
typedef void expire_report_fn(const struct expire_report *report);
void expire_on_report(expire_report_fn *fn);

#endif
