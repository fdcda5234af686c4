int64_t channel_push(const struct queue *channel, const struct slice *elements,
                     int count)
{
    for (const struct place *p = channel->first; p; p = p->next) {
        reply_array(p->owner, (size_t)count);
        for (int i = 0; i < count; i++)
            reply_bulk(p->owner, elements[i]);
        connection_queue_flush(p->owner);
    }
    return (int64_t)channel->length;
}
