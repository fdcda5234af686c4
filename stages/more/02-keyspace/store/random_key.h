/* random_key: chooses a random node of a dict, or a random key of a
 * database. */
#ifndef MORE_STORE_RANDOM_KEY_H
#define MORE_STORE_RANDOM_KEY_H

#include "store/dict.h"

struct db;
struct entry;

/* Returns the first node of a random bucket, or NULL if that is empty. The dict
 * must not be. */
struct dict_node *dict_random_bucket(const struct dict *d);

/* Returns a random node, or NULL if there is none. Those in short chains are
 * chosen a little more often. */
struct dict_node *dict_random(struct dict *d);

/* Returns a random key's entry, or NULL if there is none. A key that has
 * expired is not returned. */
struct entry *db_random(struct db *db);

#endif
