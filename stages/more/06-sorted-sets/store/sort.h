/* sort: the elements of a list, a set or a sorted set in another order.
 *
 *   load     copies the elements: looking up weights may delete keys
 *   weigh    finds what each is sorted by
 *   order    sorts them
 *
 * An element is sorted by itself or by its weight, which is another key's
 * value, and these as numbers or as texts. Knows no client. */
#ifndef MORE_STORE_SORT_H
#define MORE_STORE_SORT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/slice.h"
#include "more/06-sorted-sets/store/sort_pattern.h"
#include "store/entry.h"

struct sort_rules {
    bool is_descending;
    bool as_text; /* else as numbers */
    bool as_bytes; /* compares texts the same in all languages */
    const struct sort_pattern *by; /* what to sort by; NULL: the elements */
};

struct sort_item {
    size_t at, len; /* the element in `bytes` */
    bool has_weight;
    double number; /* what it is sorted by, or ... */
    size_t weight_at, weight_len; /* ... where in `bytes` the text is */
};

struct sort {
    struct sort_rules rules;
    struct sort_item *items;
    size_t count;
    struct buffer bytes; /* elements and weights, each with a zero behind it */
};

/* Returns how many elements the entry has. NULL has none. */
size_t sort_length(const struct entry *e);

/* Loads all elements, or `count` from an index on: counted from the last one,
 * and backwards, if it is in reverse. A set has no order, so only all can be
 * loaded. A sorted set is not packed afterwards. sort_free must follow in the
 * end. */
void sort_load(struct sort *s, struct entry *e, size_t index, size_t count,
               bool is_reverse);

/* Finds the weights in the database. Returns false if one should be a number
 * and is none; a weight that is missing is 0, or the least text. */
bool sort_weigh(struct sort *s, struct db *db);

/* Sorts, so that the `wanted` elements from an index on are right. */
void sort_order(struct sort *s, size_t index, size_t wanted);

/* Returns an element, valid until sort_free. */
struct slice sort_element(const struct sort *s, size_t index);
void sort_free(struct sort *s);

#endif
