bool zset_range_or_reply(struct client *c, int first, unsigned options,
                         struct zset_range *range)
{
    if (!options_or_reply(c, first + 2, options, range))
        return false;
    if (range->by == BY_RANK && range->limit != -1) {
        reply_error(c, "ERR syntax error, LIMIT is only supported in "
                       "combination with either BYSCORE or BYLEX");
        return false;
    }
    return ends_or_reply(c, first, range);
}
