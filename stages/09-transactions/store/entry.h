/* entry: a key and its value, in one allocation when the value is short.
 *
 *   8         4          4         8, if    8, unless    key_len  1 + n, only
 *                                  any      embedded              embedded
 * +---------+----------+---------+--------+------------+--------+-------------+
 * | next in | type,    | key_len | expiry | integer or | key    | len, string |
 * | bucket  | access   |         | in ms  | pointer    |        |             |
 * +---------+----------+---------+--------+------------+--------+-------------+
 *
 * The keyspace owns entries, and an entry owns its value; there is no reference
 * count, and nothing is shared. A function that may have to move the entry
 * returns where it is now, and the caller tells the dict (dict_moved). An entry
 * does not know what a pointer points to: that is its type's (string.h). */
#ifndef STORE_ENTRY_H
#define STORE_ENTRY_H

#include <stdint.h>

#include "common/slice.h"
#include "store/dict.h"

/* The numbers are those of Redis, because digests and files contain them. */
enum type {
    TYPE_STRING = 0,
    TYPE_LIST = 1,
    TYPE_SET = 2,
    TYPE_ZSET = 3,
    TYPE_HASH = 4,
    TYPE_STREAM = 6,
    TYPE_COUNT, /* not a type */
};

enum encoding {
    ENCODING_RAW, /* a string in an allocation of its own */
    ENCODING_INT, /* an int64, whose canonical text is the value */
    ENCODING_EMBSTR, /* a short string inside the entry */
    ENCODING_QUICKLIST, /* a list: list.h */
    ENCODING_LISTPACK, /* a small hash or sorted set: hash.h, zset.h */
    ENCODING_INTSET, /* a small set: set.h */
    ENCODING_HASHTABLE, /* a large one of either */
    ENCODING_SKIPLIST, /* a large sorted set: zset.h; small ones are packed */
    ENCODING_STREAM, /* a stream: stream.h */
    ENCODING_COUNT
};

struct entry {
    struct dict_node node; /* first: a node is its entry */
    uint32_t type : 3; /* enum type */
    uint32_t encoding : 4; /* enum encoding */
    uint32_t has_expiry : 1; /* the 8 bytes for it are there; never cleared */
    uint32_t access : 24; /* when, or how often, the key is used: access.h */
    uint32_t key_len; /* like the key, never changes */
    char bytes[]; /* see above; use the functions below */
};

enum { EMBEDDED_MAX = 44 }; /* bytes; a longer string gets its own allocation */

/* The expiration time of a key that has none. Others are Unix times in ms. */
enum { NO_EXPIRY = -1 };

/* Returns the key's bytes in the entry, valid until it is freed or moves. */
struct slice entry_key(const struct entry *e);

/* Returns what OBJECT ENCODING replies for the entry. */
const char *entry_encoding_name(const struct entry *e);

/* Creates an entry that no dict has yet. The caller sets its pointer, or its
 * integer for ENCODING_INT. Not for ENCODING_EMBSTR. */
struct entry *entry_create(struct slice key, enum type type,
                           enum encoding encoding);

/* The same with an expiration time, for which it has the space from the
 * start. */
struct entry *entry_create_until(struct slice key, enum type type,
                                 enum encoding encoding, int64_t when_ms);

/* The pointer of an entry that has one, and the integer of ENCODING_INT. To set
 * a pointer does not free what the old one points to. */
void *entry_pointer(const struct entry *e);
void entry_set_pointer(struct entry *e, void *pointer);
int64_t entry_integer(const struct entry *e);
void entry_set_integer(struct entry *e, int64_t value);

/* Creates an entry that holds the string itself, at most EMBEDDED_MAX bytes. */
struct entry *entry_create_embedded(struct slice key, struct slice value,
                                    int64_t when_ms);

/* Returns the embedded string, valid until the entry changes. */
struct slice entry_embedded(const struct entry *e);

/* Overwrites the embedded string. Returns false, with nothing changed, if the
 * other one would need an allocation of another size. */
bool entry_replace_embedded(struct entry *e, struct slice value);

/* Makes space for a pointer, which the caller sets, in place of the embedded
 * string or integer, which is lost. Returns where the entry is now. */
struct entry *entry_become_pointer(struct entry *e, enum encoding encoding);

/* Returns the expiration time, or NO_EXPIRY. */
int64_t entry_expiry(const struct entry *e);

/* Returns whether the key has an expiration time, and whether that is over. */
bool entry_is_volatile(const struct entry *e);
bool entry_is_expired(const struct entry *e);

/* Sets the expiration time, or clears it with NO_EXPIRY. Returns where the
 * entry is now. */
struct entry *entry_set_expiry(struct entry *e, int64_t when_ms);

/* Notes that the key is used now: how often or when, as the policy asks. O(1).
 */
void entry_touch(struct entry *e);

/* How long the key was not used, in seconds, if the policy is not LFU; how
 * often it is used, as a counter up to 255, if it is. */
int64_t entry_idle_s(const struct entry *e);
uint32_t entry_frequency(const struct entry *e);

/* Prepares an entry to take the place of `from` in a dict: it gets what that
 * has besides key and value. Returns where it is now; `from` stays as it is. */
struct entry *entry_inherit(struct entry *e, const struct entry *from);

#endif
