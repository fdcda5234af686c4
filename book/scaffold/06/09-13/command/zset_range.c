/* Parses the options from argument `first` on. */
static bool options_or_reply(struct client *c, int first, unsigned options,
                             struct zset_range *range)
{
    for (int i = first; i < c->argc; i++) {
        struct slice arg = c->argv[i];
        if (options & RANGE_SCORES && slice_is(arg, "withscores")) {
            range->with_scores = true;
        } else if (!(options & RANGE_CHOICE) || !choose(range, arg)) {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
    }
    return true;
}

bool zset_range_or_reply(struct client *c, int first, unsigned options,
                         struct zset_range *range)
{
    if (!options_or_reply(c, first + 2, options, range))
        return false;
    return ends_or_reply(c, first, range);
}
