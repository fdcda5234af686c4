size_t zset_rank(const struct entry *e, const struct bound *b)
{
    struct skip_path path;
    size_t position, rank = 0;
    if (!e)
        return 0;
    if (is_packed(e))
        return find_packed(entry_pointer(e), b, &position);
    const struct zset *z = entry_pointer(e);
    skiplist_find(z->head, b, &path);
    for (struct skip_node *at = path.nodes[0]; at != z->head; at = at->back)
        rank++;
    return rank;
}
