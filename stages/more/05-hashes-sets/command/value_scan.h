/* value_scan: the reply of commands that scan a value: HSCAN, SSCAN. */
#ifndef MORE_COMMAND_VALUE_SCAN_H
#define MORE_COMMAND_VALUE_SCAN_H

#include <stdbool.h>

#include "common/slice.h"
#include "store/dict.h"
#include "store/entry.h"

struct client;
struct listing;

/* How values of a type are scanned. */
struct value_scan {
    enum type type;
    bool has_values; /* each element is listed with a value */

    /* Returns the dict that the elements of a value are in; NULL if they are
     * packed. */
    struct dict *(*dict_of)(const struct entry *e);

    /* Calls list_element for a node of that dict. The context is a struct
     * listing. */
    dict_visit_fn *visit;

    /* Calls it for all elements of a packed value, whatever COUNT says: there
     * is no place to go on from that would last. */
    void (*list_all)(struct listing *l, const struct entry *e);
};
extern const struct value_scan hash_scan, set_scan;

/* Executes SCAN key cursor [MATCH pattern] [COUNT count]. */
void scan_value(struct client *c, const struct value_scan *how);

/* Adds an element that matches to the reply. */
void list_element(struct listing *l, struct slice name, struct slice value);

#endif
