/* radix, inside: a node of that tree is a byte at which keys part, a run of
 * bytes between such places, or the end of a key.
 *
 *   00 05 11 01      [00 05] -> {11, 12} -> [01] -> end
 *   00 05 12 01                         \-> [01] -> end       6 nodes
 *
 * The places at which neighbours of the sorted keys part are those of the tree:
 * each is counted once, when the keys that share the bytes before it begin. */
#include "more/07-streams/store/radix.h"

#include "store/stream_id.h"

enum { KEY_BYTES = 16, NONE = -1 };

/* Returns the first byte in which two IDs differ. */
static int first_difference(const struct stream_id *a,
                            const struct stream_id *b)
{
    uint64_t differs = a->ms ^ b->ms;
    int at = 0;
    if (differs == 0) {
        differs = a->seq ^ b->seq;
        at = 8;
    }
    for (int shift = 56; shift > 0 && differs >> shift == 0; shift -= 8)
        at++;
    return at;
}

/* Counts a node that is at byte `at`, and the run from behind the place above
 * it to there, unless that is empty. */
static uint64_t count_node(int above, int at)
{
    return at > above + 1 ? 2 : 1;
}

/* The stack has the places on the way to the key before, from the root on. A
 * place is counted when it is left, since only then is it known which one is
 * above it. */
uint64_t radix_nodes(const struct tree *t)
{
    int stack[KEY_BYTES + 2] = {NONE}, depth = 0;
    uint64_t nodes = 0;
    const struct stream_id *id = tree_seek(t, &stream_id_min, TREE_AT_LEAST);
    if (!id)
        return 1;
    while (id) {
        const struct stream_id *next = tree_seek(t, id, TREE_MORE);
        int parts = next ? first_difference(id, next) : NONE;
        int above = stack[depth] > parts ? stack[depth] : parts;
        nodes += count_node(above, KEY_BYTES);
        while (stack[depth] > parts) {
            int place = stack[depth--];
            above = stack[depth] > parts ? stack[depth] : parts;
            nodes += count_node(above, place);
        }
        if (stack[depth] < parts)
            stack[++depth] = parts;
        id = next;
    }
    return nodes;
}
