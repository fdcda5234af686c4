/* There is one node, which takes them all. */
void stream_append(struct stream *s, struct stream_id id,
                   const struct slice *pairs, size_t count)
{
    struct stream_node *last = s->last;
    if (!last) {
        last = create_node(id, ROOM, pairs, count);
        tree_insert(&s->nodes, &id, last);
    }
    append_entry(last, id, pairs, count);
    s->last = last;
    s->last_id = id;
    s->entries_added++;
    if (s->length++ == 0)
        s->first_id = id;
}
