/* field: a name and its value in one allocation, for a dict of them.
 *
 *   8         4          4           name_len   value_len
 * +---------+----------+-----------+----------+-----------+
 * | next in | name_len | value_len | name     | value     |
 * | bucket  |          |           |          |           |
 * +---------+----------+-----------+----------+-----------+
 *
 * A hash table of a hash has fields with values; that of a set has members,
 * which are fields whose value is empty. The dict is the one that keys are in,
 * so these tables are resized in steps as well. Knows no entry. */
#ifndef STORE_FIELD_H
#define STORE_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/slice.h"
#include "store/dict.h"

struct field {
    struct dict_node node; /* first: a node is its field */
    uint32_t name_len; /* never changes */
    uint32_t value_len;
    char bytes[]; /* the name, then the value */
};

/* Return the bytes, valid until the field is set or removed. */
struct slice field_name(const struct field *f);
struct slice field_value(const struct field *f);

/* Creates an empty dict of fields, which the caller frees with fields_free. */
struct dict *fields_create(void);
void fields_free(struct dict *d);

/* Returns the field of that name, or NULL. */
struct field *fields_find(struct dict *d, struct slice name);

/* Adds a field, or overwrites its value. Returns whether it is new. */
bool fields_set(struct dict *d, struct slice name, struct slice value);

/* Removes a field. Returns false if it is missing. */
bool fields_remove(struct dict *d, struct slice name);

#endif
