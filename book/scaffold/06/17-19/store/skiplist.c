void skiplist_find(struct skip_node *head, const struct bound *b,
                   struct skip_path *path)
{
    struct skip_node *at = head, *next;
    while ((next = at->levels[0].next)) {
        if (!bound_is_after(b, next->score, skip_node_member(next)))
            break;
        at = next;
    }
    path->nodes[0] = at;
}

void skiplist_link(struct skip_node *node, const struct skip_path *path)
{
    struct skip_level *before = &path->nodes[0]->levels[0];
    node->levels[0].next = before->next;
    before->next = node;
    node->back = path->nodes[0];
    if (node->levels[0].next)
        node->levels[0].next->back = node;
}

struct skip_node *skiplist_unlink(const struct skip_path *path)
{
    struct skip_level *before = &path->nodes[0]->levels[0];
    struct skip_node *node = before->next;
    before->next = node->levels[0].next;
    if (node->levels[0].next)
        node->levels[0].next->back = node->back;
    return node;
}
