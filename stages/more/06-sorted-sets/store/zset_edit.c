#include "more/06-sorted-sets/store/zset_edit.h"

#include "common/zmalloc.h"
#include "store/listpack.h"
#include "store/zset.h"

/* The path to the first node is found once: when a node is unlinked, the same
 * path leads to the one that followed. */
static void remove_nodes(struct zset *z, size_t rank, size_t count)
{
    struct skip_path path;
    const struct skip_node *first = skiplist_seek(z->head, rank);
    struct bound b = bound_of(first->score, skip_node_member(first));
    skiplist_find(z->head, &b, &path);
    for (; count > 0; count--) {
        struct skip_node *node = skiplist_unlink(&path);
        dict_remove(&z->members, skip_node_member(node));
        zfree(node);
    }
}

void zset_remove_run(struct entry *e, size_t rank, size_t count)
{
    if (count == 0)
        return;
    if (e->encoding == ENCODING_SKIPLIST) {
        remove_nodes(entry_pointer(e), rank, count);
    } else {
        uint8_t *pack = entry_pointer(e);
        size_t at = listpack_seek(pack, rank * 2);
        entry_set_pointer(e, listpack_delete(pack, at, count * 2));
    }
}
