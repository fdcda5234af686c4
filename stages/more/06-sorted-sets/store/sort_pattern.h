/* sort_pattern: what SORT finds for an element by BY and GET.
 *
 *   weight_*         the string of the key weight_7 for the element 7
 *   user:*->name     the field `name` of the hash user:7
 *   #                7, the element itself
 *   anything else    nothing: it names the same key for all elements */
#ifndef MORE_STORE_SORT_PATTERN_H
#define MORE_STORE_SORT_PATTERN_H

#include <stdbool.h>

#include "common/buffer.h"
#include "common/numbers.h"
#include "common/slice.h"

struct db;

struct sort_pattern {
    bool is_element; /* it is # */
    bool has_star;
    struct slice before, after; /* the star; parts of a key's name */
    struct slice field; /* its ptr is NULL if the key's value is meant */
};

/* Parses a pattern, of which the result has slices. A zero byte hides what is
 * behind it from the search for * and ->, but not from the names of keys. */
struct sort_pattern sort_pattern_parse(struct slice text);

/* Finds what the pattern stands for. Returns false if there is no such key or
 * field, or it has another type. The value is valid until the next lookup, and
 * until `key` or `scratch` changes: these two are working space. */
bool sort_pattern_find(const struct sort_pattern *pattern, struct db *db,
                       struct slice element, struct buffer *key,
                       char scratch[INT64_TEXT_MAX], struct slice *value);

#endif
