bool stream_free_some(struct entry *e, size_t count)
{
    return tree_free_some(&entry_stream(e)->nodes, &count, free_node);
}
