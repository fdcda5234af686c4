/* string: what the commands for strings share. */
#ifndef COMMAND_STRING_H
#define COMMAND_STRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"

struct client;

/* Replies with the value of a key, or null. Replies with an error and returns
 * false when it holds another type. */
bool reply_value(struct client *c, struct slice key);

/* Stores a value, whatever the key held before, and reports the change. */
void set_value(struct client *c, struct slice key, struct slice value);

/* The same with an expiry, or KEEP_EXPIRY. */
void set_value_until(struct client *c, struct slice key, struct slice value,
                     int64_t when_ms);

/* Propagates a SET with that expiry. */
void propagate_set_until(struct client *c, struct slice key, struct slice value,
                         int64_t when_ms);

/* Whether there is a value for each key, and storing all of them. */
bool pairs_or_reply(struct client *c);
void set_pairs(struct client *c);

/* Whether a string may have that many bytes, `more` after the first `len`.
 * Replies with an error if not. */
bool string_fits_or_reply(struct client *c, size_t len, size_t more);

#endif
