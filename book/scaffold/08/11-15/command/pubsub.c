/* Confirms that the client is subscribed now, or is not any more; with how many
 * subscriptions it has. */
static void confirm(struct client *c, const struct pubsub_type *type,
                    const char *word, struct slice name)
{
    size_t count = dict_count(subscriptions_of(c, type));
    if (type->counted_with)
        count += dict_count(subscriptions_of(c, type->counted_with));
    reply_array(c, 3);
    reply_bulk_text(c, word);
    if (name.ptr)
        reply_bulk(c, name);
    else
        reply_null(c);
    reply_integer(c, (int64_t)count);
}
