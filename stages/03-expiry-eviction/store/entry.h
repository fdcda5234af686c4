/* entry: a key and its value, in one allocation when the value is short.
 *
 *    8 bytes    4 bytes          4         8, where     8, unless    key_len   1 + n, only
 *                                          there is     embedded               when embedded
 *  +---------+----------------+---------+------------+------------+---------+-------------+
 *  | next in | type, encoding | key_len | expiry, ms | integer or | key     | len, string |
 *  | bucket  | access clock   |         |            | pointer    |         |             |
 *  +---------+----------------+---------+------------+------------+---------+-------------+
 *
 * The keyspace owns entries, and an entry owns its value; nothing is counted
 * or shared. Changing what an entry holds may move it, so such functions
 * return where it is. */
#ifndef STORE_ENTRY_H
#define STORE_ENTRY_H

#include <stdint.h>

#include "common/slice.h"
#include "store/dict.h"

/* The numbers are those of Redis: they stand in digests and in files. */
enum type {
    TYPE_STRING = 0,
    TYPE_COUNT, /* not a type */
};

enum encoding {
    ENCODING_RAW, /* a string of its own */
    ENCODING_INT, /* the canonical text of an int64 */
    ENCODING_EMBSTR, /* a short string inside the entry */
    ENCODING_COUNT
};

extern const char *const encoding_names[ENCODING_COUNT];

struct entry {
    struct dict_node node; /* first: a node is its entry */
    uint32_t type : 3; /* enum type */
    uint32_t encoding : 4; /* enum encoding */
    uint32_t has_expiry : 1; /* the 8 bytes for it are there */
    uint32_t access : 24; /* when, or how often, the key is used: access.h */
    uint32_t key_len;
    char bytes[];
};

enum { EMBEDDED_MAX = 44 }; /* bytes; a longer string gets its own allocation */

/* When a key expires, in milliseconds since 1970, where it does not. */
enum { NO_EXPIRY = -1 };

struct slice entry_key(const struct entry *e);

/* An entry whose value is elsewhere, or an integer; EMBSTR excepted. */
struct entry *entry_create(struct slice key, enum type type,
                           enum encoding encoding);
struct entry *entry_create_until(struct slice key, enum type type,
                                 enum encoding encoding, int64_t when_ms);
void *entry_pointer(const struct entry *e);
void entry_set_pointer(struct entry *e, void *pointer);
int64_t entry_integer(const struct entry *e);
void entry_set_integer(struct entry *e, int64_t value);

/* An entry that holds the string itself, at most EMBEDDED_MAX bytes. */
struct entry *entry_create_embedded(struct slice key, struct slice value,
                                    int64_t when_ms);
struct slice entry_embedded(const struct entry *e);

/* Writes another string into the entry when it fits the same allocation; false
 * when it does not. */
bool entry_replace_embedded(struct entry *e, struct slice value);

/* Makes room for a pointer instead of the embedded string or integer, which is
 * lost. Returns where the entry is now. */
struct entry *entry_become_pointer(struct entry *e, enum encoding encoding);

int64_t entry_expiry(const struct entry *e);
bool entry_is_expired(const struct entry *e);

/* Sets or, with NO_EXPIRY, clears the expiry. Returns where the entry is now. */
struct entry *entry_set_expiry(struct entry *e, int64_t when_ms);

/* Gives an entry all that the one whose place it takes has beside key and value.
 * Returns where it is now. */
struct entry *entry_inherit(struct entry *e, const struct entry *from);

#endif
