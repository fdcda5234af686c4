/* When a node turns out to be after the bound, the search goes on one level
 * below with another. That one is asked from memory before it is known whether
 * it is needed: in a large list neither is in the cache, and now both arrive
 * together. */
void skiplist_find(struct skip_node *head, const struct bound *b,
                   struct skip_path *path)
{
    struct skip_node *at = head, *next;
    for (int i = SKIP_HEIGHT_MAX - 1; i >= 0; i--) {
        while ((next = at->levels[i].next)) {
            if (i > 0)
                __builtin_prefetch(at->levels[i - 1].next);
            if (!bound_is_after(b, next->score, skip_node_member(next)))
                break;
            at = next;
        }
        path->nodes[i] = at;
    }
}

void skiplist_link(struct skip_node *node, const struct skip_path *path)
{
    for (uint32_t i = 0; i < node->height; i++) {
        struct skip_level *before = &path->nodes[i]->levels[i];
        node->levels[i].next = before->next;
        before->next = node;
    }
    node->back = path->nodes[0];
    if (node->levels[0].next)
        node->levels[0].next->back = node;
}

struct skip_node *skiplist_unlink(const struct skip_path *path)
{
    struct skip_node *node = path->nodes[0]->levels[0].next;
    for (uint32_t i = 0; i < node->height; i++) {
        struct skip_level *before = &path->nodes[i]->levels[i];
        before->next = node->levels[i].next;
    }
    if (node->levels[0].next)
        node->levels[0].next->back = node->back;
    return node;
}
