/* Appends an entry to a node. */
static void append_entry(struct stream_node *node, struct stream_id id,
                         const struct slice *pairs, size_t count)
{
    count_entries(node, 1, 0);
    append_integer(node, 0);
    append_integer(node, id.ms - node->id.ms);
    append_integer(node, id.seq - node->id.seq);
    append_integer(node, count);
    for (size_t i = 0; i < 2 * count; i++)
        append(node, pairs[i]);
    append_integer(node, 4 + 2 * count);
}
