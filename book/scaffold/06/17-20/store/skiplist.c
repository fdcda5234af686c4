struct skip_node *skiplist_seek(const struct skip_node *head, size_t rank)
{
    const struct skip_node *at = head;
    for (; rank > 0; rank--)
        at = at->levels[0].next;
    return at->levels[0].next;
}
