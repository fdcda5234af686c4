/* ziplist: how Redis packed values before listpacks, up to version 6.2.
 *
 *   4 bytes    4       2        the elements                      1
 * +----------+-------+-------+----------+----------+--- ... -----+------+
 * | bytes in | where | count | previous | encoding |  ...        | 0xFF |
 * | all      | last  |       | length   | + data   |             |      |
 * +----------+-------+-------+----------+----------+--- ... -----+------+
 *
 * And zipmap, how it packed hashes before 2.6: a count, then names and values
 * with their lengths, then 0xFF.
 *
 * Both are read only, one element after the other, and only from a file: each
 * step looks whether its element is there. */
#ifndef MORE_PERSIST_ZIPLIST_H
#define MORE_PERSIST_ZIPLIST_H

#include <stdbool.h>
#include <stdint.h>

#include "common/numbers.h"
#include "common/slice.h"

struct ziplist_reader {
    const uint8_t *at, *end; /* the end is the last byte, 0xFF */
    uint64_t previous; /* bytes of the element before */
    uint64_t left; /* elements, as the header counts them; or unknown */
    bool is_counted;
    bool is_damaged; /* it is not known what follows */
};

void ziplist_open(struct ziplist_reader *r, struct slice bytes);

/* Reads the next element; an integer is written into `scratch`. Returns false
 * at the end, or if the bytes are wrong. */
bool ziplist_next(struct ziplist_reader *r, struct slice *value,
                  char scratch[INT64_TEXT_MAX]);

/* The same for a zipmap, whose elements are names and values in turn. */
void zipmap_open(struct ziplist_reader *r, struct slice bytes);
bool zipmap_next(struct ziplist_reader *r, struct slice *name,
                 struct slice *value);

#endif
