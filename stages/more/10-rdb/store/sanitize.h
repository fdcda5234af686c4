/* sanitize: finds out whether store/ may trust bytes from outside.
 *
 * A file with a checksum is what some server has written. What a client gives
 * to RESTORE is not, and a file need not have a checksum. So every length,
 * count and order that others rely on is looked at here. O(n). */
#ifndef MORE_STORE_SANITIZE_H
#define MORE_STORE_SANITIZE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/slice.h"
#include "store/entry.h"

/* Whether the bytes are a listpack, all of them. */
bool listpack_is_valid(struct slice bytes);

/* Whether a valid listpack has pairs, the first of each another. */
bool pairs_are_valid(struct slice bytes);

/* The same, the second of each a number: and in their order. */
bool scores_are_valid(struct slice bytes);

bool intset_is_valid(struct slice bytes);

/* Whether the nodes of a stream, whose listpacks are valid, and its groups are
 * what they should be. */
bool stream_is_valid(const struct entry *e);

#endif
