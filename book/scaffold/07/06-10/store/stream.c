/* There is one node, and it has all entries. */
void stream_iterate(struct stream_iterator *it, const struct stream *s,
                    struct stream_id start, struct stream_id end,
                    bool is_reversed)
{
    *it = (struct stream_iterator){s, start, end, is_reversed, .left = 0};
    open_node(it, s->last);
}

bool stream_next(struct stream_iterator *it)
{
    while (it->node && next_in_node(it)) {
        bool is_before = stream_id_compare(&it->id, &it->start) < 0;
        bool is_behind = stream_id_compare(&it->id, &it->end) > 0;
        if (it->is_reversed ? is_before : is_behind)
            return false;
        if (!is_before && !is_behind && !(it->flags & DELETED))
            return true;
    }
    return false;
}
