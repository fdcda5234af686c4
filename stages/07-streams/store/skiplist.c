/* skiplist, inside: what a change does to the spans.
 *
 *   before      nodes[i] ------------- span -------------> next
 *
 *   link        nodes[i] -- ranks[0] - ranks[i] + 1 ---> node --- rest --> next
 *   or, higher  nodes[i] ----------- span + 1 -----------------------> next
 *
 * The spans of two links that meet at a node add up to that of the one link
 * that is left without it, and one. The last link of a level ends at NULL, but
 * its span is kept like any other, so no level needs a special case: not even
 * one that no node has reached, where the head's span is the whole list. */
#include "store/skiplist.h"

#include <string.h>

#include "common/random.h"
#include "common/zmalloc.h"

/* Allocates a node with that many levels, which lead nowhere. */
static struct skip_node *allocate(uint32_t height, size_t member_len)
{
    size_t levels = height * sizeof(struct skip_level);
    struct skip_node *node = zmalloc(sizeof *node + levels + member_len);
    node->back = NULL;
    node->member_len = (uint32_t)member_len;
    node->height = height;
    memset(node->levels, 0, levels);
    return node;
}

struct skip_node *skiplist_create(void)
{
    return allocate(SKIP_HEIGHT_MAX, 0);
}

/* One more level with a chance of one in four: two random bits for each. */
static uint32_t random_height(void)
{
    uint32_t height = 1;
    uint64_t bits = random_u64();
    for (; height < SKIP_HEIGHT_MAX && bits % 4 == 0; bits /= 4)
        height++;
    return height;
}

struct skip_node *skip_node_create(struct slice member, double score)
{
    struct skip_node *node = allocate(random_height(), member.len);
    node->score = score;
    if (member.len > 0)
        memcpy(&node->levels[node->height], member.ptr, member.len);
    return node;
}

struct slice skip_node_member(const struct skip_node *node)
{
    return (struct slice){(const char *)&node->levels[node->height],
                          node->member_len};
}

/* When a node turns out to be after the bound, the search goes on one level
 * below with another. That one is asked from memory before it is known whether
 * it is needed: in a large list neither is in the cache, and now both arrive
 * together. */
size_t skiplist_find(struct skip_node *head, const struct bound *b,
                     struct skip_path *path)
{
    struct skip_node *at = head, *next;
    size_t rank = 0;
    for (int i = SKIP_HEIGHT_MAX - 1; i >= 0; i--) {
        while ((next = at->levels[i].next)) {
            if (i > 0)
                __builtin_prefetch(at->levels[i - 1].next);
            if (!bound_is_after(b, next->score, skip_node_member(next)))
                break;
            rank += at->levels[i].span;
            at = next;
        }
        path->nodes[i] = at;
        path->ranks[i] = rank;
    }
    return rank;
}

struct skip_node *skiplist_seek(const struct skip_node *head, size_t rank)
{
    const struct skip_node *at = head;
    for (int i = SKIP_HEIGHT_MAX - 1; i >= 0; i--) {
        while (at->levels[i].next && at->levels[i].span <= rank) {
            rank -= at->levels[i].span;
            at = at->levels[i].next;
        }
    }
    return at->levels[0].next;
}

void skiplist_link(struct skip_node *node, const struct skip_path *path)
{
    for (uint32_t i = 0; i < SKIP_HEIGHT_MAX; i++) {
        struct skip_level *before = &path->nodes[i]->levels[i];
        if (i >= node->height) {
            before->span++;
            continue;
        }
        size_t span = path->ranks[0] - path->ranks[i];
        node->levels[i].next = before->next;
        node->levels[i].span = before->span - span;
        before->next = node;
        before->span = span + 1;
    }
    node->back = path->nodes[0];
    if (node->levels[0].next)
        node->levels[0].next->back = node;
}

struct skip_node *skiplist_unlink(const struct skip_path *path)
{
    struct skip_node *node = path->nodes[0]->levels[0].next;
    for (uint32_t i = 0; i < SKIP_HEIGHT_MAX; i++) {
        struct skip_level *before = &path->nodes[i]->levels[i];
        before->span--;
        if (i < node->height) {
            before->next = node->levels[i].next;
            before->span += node->levels[i].span;
        }
    }
    if (node->levels[0].next)
        node->levels[0].next->back = node->back;
    return node;
}
