int64_t publish(struct slice channel, struct slice message)
{
    const struct slice elements[] = {SLICE("message"), channel, message};
    struct dict_node *node = dict_find(&pubsub_channels.channels, channel);
    return node ? channel_push((struct queue *)node, elements, 3) : 0;
}
