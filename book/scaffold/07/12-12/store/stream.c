bool stream_delete(struct stream *s, struct stream_id id)
{
    struct stream_iterator it;
    stream_iterate(&it, s, id, id, false);
    if (!stream_next(&it))
        return false;
    mark_deleted(&it);
    s->length--;
    if (stream_id_compare(&id, &s->first_id) == 0)
        find_first(s);
    if (stream_id_compare(&id, &s->max_deleted_id) > 0)
        s->max_deleted_id = id;
    return true;
}
