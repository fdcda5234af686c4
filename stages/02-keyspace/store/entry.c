/* entry, inside: what stands before the key depends on the encoding, so its
 * offset is computed from the header, never kept.
 *
 *   EMBSTR      | header | key | len | string |
 *   INT         | header | integer | key |
 *   RAW         | header | pointer | key |
 *
 * The header has 16 bytes, so an integer or pointer is aligned. It is copied
 * with memcpy all the same: `bytes` is an array of char, and reading another
 * type through it is undefined in C. All functions here are O(1), but for the
 * copies of bytes that a new entry takes. */
#include "store/entry.h"

#include <string.h>

#include "common/zmalloc.h"

static const char *const encoding_names[ENCODING_COUNT] = {
    [ENCODING_RAW] = "raw",
    [ENCODING_INT] = "int",
    [ENCODING_EMBSTR] = "embstr",
};

const char *entry_encoding_name(const struct entry *e)
{
    return encoding_names[e->encoding];
}

/* Returns how many bytes there are between the header and the key. */
static size_t key_offset(const struct entry *e)
{
    return e->encoding == ENCODING_EMBSTR ? 0 : sizeof(int64_t);
}

/* Returns where the integer or pointer is, in an entry that has one. */
static char *value_slot(const struct entry *e)
{
    return (char *)e->bytes;
}

struct slice entry_key(const struct entry *e)
{
    return (struct slice){e->bytes + key_offset(e), e->key_len};
}

/* Returns how many bytes an entry takes. `value_len` is the length of the
 * string if it is embedded, and is ignored otherwise. */
static size_t size_of(size_t key_len, enum encoding encoding, size_t value_len)
{
    size_t value =
        encoding == ENCODING_EMBSTR ? 1 + value_len : sizeof(int64_t);
    return sizeof(struct entry) + key_len + value;
}

/* Allocates header, key and value at once, and writes all but the value. */
static struct entry *allocate(struct slice key, enum type type,
                              enum encoding encoding, size_t value_len)
{
    struct entry *e = zmalloc(size_of(key.len, encoding, value_len));
    e->node.next = NULL;
    e->type = type;
    e->encoding = encoding;
    e->key_len = (uint32_t)key.len;
    memcpy(e->bytes + key_offset(e), key.ptr, key.len);
    return e;
}

struct entry *entry_create(struct slice key, enum type type,
                           enum encoding encoding)
{
    return allocate(key, type, encoding, 0);
}

void *entry_pointer(const struct entry *e)
{
    void *pointer;
    memcpy(&pointer, value_slot(e), sizeof pointer);
    return pointer;
}

void entry_set_pointer(struct entry *e, void *pointer)
{
    memcpy(value_slot(e), &pointer, sizeof pointer);
}

int64_t entry_integer(const struct entry *e)
{
    int64_t value;
    memcpy(&value, value_slot(e), sizeof value);
    return value;
}

void entry_set_integer(struct entry *e, int64_t value)
{
    memcpy(value_slot(e), &value, sizeof value);
}

/* Writes the length byte and the string after the key. The caller has made sure
 * that they fit. */
static void write_embedded(struct entry *e, struct slice value)
{
    char *at = e->bytes + key_offset(e) + e->key_len;
    *at = (char)value.len;
    memcpy(at + 1, value.ptr, value.len);
}

struct entry *entry_create_embedded(struct slice key, struct slice value)
{
    struct entry *e = allocate(key, TYPE_STRING, ENCODING_EMBSTR, value.len);
    write_embedded(e, value);
    return e;
}

struct slice entry_embedded(const struct entry *e)
{
    const char *at = e->bytes + key_offset(e) + e->key_len;
    return (struct slice){at + 1, (unsigned char)*at};
}

/* The allocator rounds sizes up, so a string that is a little longer or shorter
 * often fits. It must need exactly this much: a short string in a long entry
 * would waste the rest for good. */
bool entry_replace_embedded(struct entry *e, struct slice value)
{
    size_t now = size_of(e->key_len, ENCODING_EMBSTR, entry_embedded(e).len);
    size_t then = size_of(e->key_len, ENCODING_EMBSTR, value.len);
    if (zmalloc_good_size(now) != zmalloc_good_size(then))
        return false;
    write_embedded(e, value);
    return true;
}

/* An integer's bytes can hold the pointer. An embedded string has no such bytes
 * before the key, so it needs a new entry. */
struct entry *entry_become_pointer(struct entry *e, enum encoding encoding)
{
    if (e->encoding == ENCODING_EMBSTR) {
        struct entry *moved = entry_create(entry_key(e), e->type, encoding);
        moved = entry_inherit(moved, e);
        zfree(e);
        return moved;
    }
    e->encoding = encoding;
    return e;
}

struct entry *entry_inherit(struct entry *e, const struct entry *from)
{
    e->node.next = from->node.next;
    return e;
}
