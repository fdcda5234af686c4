/* random_key: chooses a random node of a dict, or a random key of a
 * database. */
#ifndef MORE_STORE_RANDOM_KEY_H
#define MORE_STORE_RANDOM_KEY_H

#include "store/dict.h"

struct db;
struct entry;

/* Returns a random node, or NULL if there is none. Each has the same chance. */
struct dict_node *dict_random(struct dict *d);

/* Returns a random key's entry, or NULL if there is none. A key that has
 * expired is not returned. */
struct entry *db_random(struct db *db);

#endif
