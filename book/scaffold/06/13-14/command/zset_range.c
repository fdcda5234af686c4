/* Parses the two ends. In a reverse range the first is the maximum. */
static bool ends_or_reply(struct client *c, int first, struct zset_range *range)
{
    struct slice min = c->argv[first + range->is_reverse];
    struct slice max = c->argv[first + !range->is_reverse];
    const char *error = NULL;
    if (range->by == BY_RANK)
        return integer_or_reply(c, c->argv[first], &range->start) &&
               integer_or_reply(c, c->argv[first + 1], &range->stop);
    if (range->by == BY_SCORE && !(parse_score_bound(min, false, &range->min) &&
                                   parse_score_bound(max, true, &range->max)))
        error = "ERR min or max is not a float";
    if (error)
        reply_error(c, error);
    return !error;
}

/* Parses BYSCORE or REV. Returns false if it is neither, or if the choice has
 * been made already. */
static bool choose(struct zset_range *range, struct slice option)
{
    if (slice_is(option, "rev") && !range->is_reverse)
        range->is_reverse = true;
    else if (slice_is(option, "byscore") && range->by == BY_RANK)
        range->by = BY_SCORE;
    else
        return false;
    return true;
}
