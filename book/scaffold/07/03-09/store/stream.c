/* There is one node, which takes them all. */
void stream_append(struct stream *s, struct stream_id id,
                   const struct slice *pairs, size_t count)
{
    if (!s->last)
        s->last = create_node(id, ROOM, pairs, count);
    append_entry(s->last, id, pairs, count);
    s->last_id = id;
    s->entries_added++;
    if (s->length++ == 0)
        s->first_id = id;
}

/* One node is freed at once. */
bool stream_free_some(struct entry *e, size_t count)
{
    return entry_stream(e)->last && count == 0;
}

void stream_free(struct entry *e)
{
    struct stream *s = entry_stream(e);
    if (s->last)
        free_node(s->last);
    zfree(s);
}
