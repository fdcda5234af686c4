/* entry, inside: what stands before the key depends on the encoding, so its
 * offset is computed from the header, never kept.
 *
 *   EMBSTR      | header | key | len | string |
 *   INT         | header | integer | key |
 *   RAW         | header | pointer | key |
 *
 *   has_expiry  | header | expiry | and then the same
 *
 * The header has 16 bytes, so an integer or pointer is aligned. It is copied
 * with memcpy all the same: `bytes` is an array of char, and reading another
 * type through it is undefined in C. All functions here are O(1), but for the
 * copies of bytes that a new entry takes. */
#include "store/entry.h"

#include <stddef.h>
#include <string.h>

#include "common/clock.h"
#include "common/random.h"
#include "common/zmalloc.h"
#include "store/access.h"
#include "store/settings.h"

bool is_replay;

static const char *const encoding_names[ENCODING_COUNT] = {
    [ENCODING_RAW] = "raw",
    [ENCODING_INT] = "int",
    [ENCODING_EMBSTR] = "embstr",
    [ENCODING_QUICKLIST] = "quicklist",
    [ENCODING_LISTPACK] = "listpack",
    [ENCODING_INTSET] = "intset",
    [ENCODING_HASHTABLE] = "hashtable",
    [ENCODING_SKIPLIST] = "skiplist",
    [ENCODING_STREAM] = "stream",
};

const char *entry_encoding_name(const struct entry *e)
{
    return encoding_names[e->encoding];
}

/* Returns the bits of a new entry. */
static uint32_t first_access(void)
{
    int64_t now_us = clock_ticked_us();
    return store_settings.policy & EVICT_LFU ? lfu_first(now_us)
                                             : lru_used(now_us);
}

/* Returns how many bytes the expiration time takes in this entry: 0 or 8. */
static size_t expiry_bytes(const struct entry *e)
{
    return e->has_expiry ? sizeof(int64_t) : 0;
}

/* Returns how many bytes there are between the header and the key. */
static size_t key_offset(const struct entry *e)
{
    return expiry_bytes(e) +
           (e->encoding == ENCODING_EMBSTR ? 0 : sizeof(int64_t));
}

/* Returns where the integer or pointer is, in an entry that has one. */
static char *value_slot(const struct entry *e)
{
    return (char *)e->bytes + expiry_bytes(e);
}

struct slice entry_key(const struct entry *e)
{
    return (struct slice){e->bytes + key_offset(e), e->key_len};
}

/* Returns how many bytes an entry takes that has no expiration time.
 * `value_len` is the length of the string if it is embedded, and is ignored
 * otherwise. */
static size_t size_of(size_t key_len, enum encoding encoding, size_t value_len)
{
    size_t value =
        encoding == ENCODING_EMBSTR ? 1 + value_len : sizeof(int64_t);
    return sizeof(struct entry) + key_len + value;
}

/* Allocates header, key and value at once, and writes all but the value. */
static struct entry *allocate(struct slice key, enum type type,
                              enum encoding encoding, size_t value_len,
                              int64_t when_ms)
{
    bool has_expiry = when_ms != NO_EXPIRY;
    struct entry *e = zmalloc(size_of(key.len, encoding, value_len) +
                              (has_expiry ? sizeof when_ms : 0));
    e->node.next = NULL;
    e->type = type;
    e->encoding = encoding;
    e->has_expiry = has_expiry;
    e->access = first_access();
    e->key_len = (uint32_t)key.len;
    if (has_expiry)
        memcpy(e->bytes, &when_ms, sizeof when_ms);
    memcpy(e->bytes + key_offset(e), key.ptr, key.len);
    return e;
}

struct entry *entry_create(struct slice key, enum type type,
                           enum encoding encoding)
{
    return entry_create_until(key, type, encoding, NO_EXPIRY);
}

struct entry *entry_create_until(struct slice key, enum type type,
                                 enum encoding encoding, int64_t when_ms)
{
    return allocate(key, type, encoding, 0, when_ms);
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

struct entry *entry_create_embedded(struct slice key, struct slice value,
                                    int64_t when_ms)
{
    struct entry *e =
        allocate(key, TYPE_STRING, ENCODING_EMBSTR, value.len, when_ms);
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
    now += expiry_bytes(e);
    then += expiry_bytes(e);
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
        struct entry *moved = entry_create_until(entry_key(e), e->type,
                                                 encoding, entry_expiry(e));
        moved = entry_inherit(moved, e);
        zfree(e);
        return moved;
    }
    e->encoding = encoding;
    return e;
}

int64_t entry_expiry(const struct entry *e)
{
    int64_t when_ms = NO_EXPIRY;
    if (e->has_expiry)
        memcpy(&when_ms, e->bytes, sizeof when_ms);
    return when_ms;
}

bool entry_is_volatile(const struct entry *e)
{
    return entry_expiry(e) != NO_EXPIRY;
}

/* The ticked clock does not move within a command, so a key cannot expire
 * between two lookups of the same command. */
bool entry_is_expired(const struct entry *e)
{
    return entry_is_volatile(e) && !is_replay &&
           entry_expiry(e) < clock_ticked_ms();
}

/* The first expiration time opens 8 bytes after the header, and all else moves
 * up. They stay when it is cleared: a key that had one often gets another. */
struct entry *entry_set_expiry(struct entry *e, int64_t when_ms)
{
    if (!e->has_expiry && when_ms == NO_EXPIRY)
        return e;
    if (!e->has_expiry) {
        size_t value_len =
            e->encoding == ENCODING_EMBSTR ? entry_embedded(e).len : 0;
        size_t size = size_of(e->key_len, e->encoding, value_len);
        e = zrealloc(e, size + sizeof when_ms);
        memmove(e->bytes + sizeof when_ms, e->bytes,
                size - offsetof(struct entry, bytes));
        e->has_expiry = 1;
    }
    memcpy(e->bytes, &when_ms, sizeof when_ms);
    return e;
}

/* An entry that was just created has no other expiration time to lose. */
struct entry *entry_inherit(struct entry *e, const struct entry *from)
{
    e->node.next = from->node.next;
    e->access = from->access;
    return entry_set_expiry(e, entry_expiry(from));
}

/* The policy is one for all keys, so an entry need not say what its bits are. A
 * double has 53 bits of precision: so many of the random ones are used. */
void entry_touch(struct entry *e)
{
    int64_t now_us = clock_ticked_us();
    if (store_settings.policy & EVICT_LFU) {
        double drawn = (double)(random_u64() >> 11) / (double)(1ULL << 53);
        e->access = lfu_used(e->access, now_us, store_settings.lfu, drawn);
    } else {
        e->access = lru_used(now_us);
    }
}

int64_t entry_idle_s(const struct entry *e)
{
    return lru_idle_s(e->access, clock_ticked_us());
}

uint32_t entry_frequency(const struct entry *e)
{
    return lfu_counter(e->access, clock_ticked_us(), store_settings.lfu);
}
