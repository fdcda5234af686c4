#include "more/06-sorted-sets/store/zset_value.h"

#include <string.h>

#include "common/zmalloc.h"
#include "more/02-keyspace/store/bytes.h"
#include "store/listpack.h"
#include "store/zset.h"

/* The nodes that were not looked at count as much as those that were. */
size_t zset_bytes(const struct entry *e, size_t samples)
{
    if (e->encoding == ENCODING_LISTPACK)
        return zmalloc_usable_size(entry_pointer(e));
    const struct zset *z = entry_pointer(e);
    size_t bytes = 0, seen = 0, count = dict_count(&z->members);
    const struct skip_node *node = z->head->levels[0].next;
    for (; node && (!samples || seen < samples); seen++) {
        bytes += zmalloc_usable_size(node);
        node = node->levels[0].next;
    }
    if (seen > 0 && seen < count)
        bytes = (size_t)((double)bytes * (double)count / (double)seen);
    return zmalloc_usable_size(z) + zmalloc_usable_size(z->head) +
           dict_bytes(&z->members) + bytes;
}

/* Gives a copy the same bytes. */
static void copy_packed(struct entry *copy, const uint8_t *pack)
{
    uint8_t *bytes = zmalloc(listpack_bytes(pack));
    memcpy(bytes, pack, listpack_bytes(pack));
    zfree(entry_pointer(copy));
    entry_set_pointer(copy, bytes);
}

/* A copy has the encoding of the original, whatever the limits are now. */
struct entry *zset_copy(const struct entry *e, struct slice key)
{
    struct entry *copy = zset_create(key);
    struct zset_iterator it;
    struct slice member;
    double score;
    if (e->encoding == ENCODING_LISTPACK) {
        copy_packed(copy, entry_pointer(e));
        return copy;
    }
    zset_convert(copy);
    zset_iterate(&it, e, 0, zset_length(e), false);
    while (zset_next(&it, &member, &score))
        zset_add(copy, member, &score, 0);
    return copy;
}

/* A member is mixed with its score; the pairs are added in no order, because it
 * follows from the scores. */
void zset_digest(const struct entry *e, struct digest *d)
{
    struct zset_iterator it;
    struct slice member;
    double score;
    zset_iterate(&it, e, 0, zset_length(e), false);
    while (zset_next(&it, &member, &score)) {
        struct digest pair = {{0}};
        char text[DOUBLE_TEXT_MAX];
        digest_mix(&pair, member);
        digest_mix(&pair, (struct slice){text, format_double(text, score)});
        digest_add(d, (struct slice){(char *)pair.bytes, sizeof pair.bytes});
    }
}
