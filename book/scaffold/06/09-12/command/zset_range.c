/* Parses REV. Returns false if it is something else, or comes twice. */
static bool choose(struct zset_range *range, struct slice option)
{
    if (slice_is(option, "rev") && !range->is_reverse)
        range->is_reverse = true;
    else
        return false;
    return true;
}
