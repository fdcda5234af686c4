/* Parses the two ends. */
static bool ends_or_reply(struct client *c, int first, struct zset_range *range)
{
    return integer_or_reply(c, c->argv[first], &range->start) &&
           integer_or_reply(c, c->argv[first + 1], &range->stop);
}

size_t zset_range_find(const struct zset_range *range, const struct entry *e,
                       size_t *rank)
{
    int64_t first = 0;
    int64_t count = cut_ranks(range, (int64_t)zset_length(e), &first);
    *rank = (size_t)first;
    return count > 0 ? (size_t)count : 0;
}
