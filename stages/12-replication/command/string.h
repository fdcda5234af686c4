/* string: what commands for strings share. */
#ifndef COMMAND_STRING_H
#define COMMAND_STRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"

struct client;
struct entry;

/* Replies with the bytes of a string, or with null if `e` is NULL. */
void reply_string(struct client *c, const struct entry *e);

/* Stores a string, whatever the key held before, and reports the change. */
void set_value(struct client *c, struct slice key, struct slice value);

/* The same with NO_EXPIRY, KEEP_EXPIRY or an expiration time. With a time it
 * propagates SET with PXAT, a moment in Unix time: "in ten seconds" would be
 * later each time that it is repeated. */
void set_value_until(struct client *c, struct slice key, struct slice value,
                     int64_t when_ms);

/* Checks that the arguments are pairs of key and value. Replies with an error
 * and returns false if a value is missing. */
bool pairs_or_reply(struct client *c);

/* Checks that a string may have `len + more` bytes. Replies with an error and
 * returns false if that is over proto-max-bulk-len. */
bool string_fits_or_reply(struct client *c, size_t len, size_t more);

#endif
