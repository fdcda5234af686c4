/* copy: copies, renames and exchanges keys, for COPY, RENAME and SWAPDB. */
#ifndef MORE_STORE_COPY_H
#define MORE_STORE_COPY_H

#include <stdbool.h>

#include "common/slice.h"
#include "store/entry.h"

struct db;

/* Returns a new entry with that key and a deep copy of the value. */
typedef struct entry *type_copy_fn(const struct entry *e, struct slice key);

/* Says how a value of that type is copied. */
void type_copy_set(enum type type, type_copy_fn *fn);

/* Calls fn to copy what a key has beside its value. It returns where the copy
 * is now. */
typedef struct entry *copy_extend_fn(struct entry *copy,
                                     const struct entry *from);
void copy_extend(copy_extend_fn *fn);

/* Returns a copy of the entry under another key; no database has it yet. */
struct entry *entry_copy(const struct entry *e, struct slice key);

/* Stores an entry that no database has; what the key held is freed. */
void db_put(struct db *db, struct entry *e);

/* The same for the result of a command. A key that held something is not
 * reported as new, as it is when it was copied or renamed to. */
void db_store(struct db *db, struct entry *e);

/* Lets fn delete what the key held. Until then db_delete does. */
void copy_replace_with(bool (*fn)(struct db *db, struct slice key));

/* Moves a key that exists to another name. What that name held is freed. */
void db_rename(struct db *db, struct slice from, struct slice to);

/* Exchanges the keys of two databases. */
void db_swap(struct db *a, struct db *b);

#endif
