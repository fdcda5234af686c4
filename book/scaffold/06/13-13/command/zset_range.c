/* The same for two bounds. */
static int64_t cut_bounds(const struct zset_range *range, const struct entry *e,
                          int64_t *first)
{
    int64_t min = (int64_t)zset_rank(e, &range->min);
    int64_t max = (int64_t)zset_rank(e, &range->max);
    *first = range->is_reverse ? max - 1 : min;
    return max - min;
}
