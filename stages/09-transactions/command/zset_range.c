/* zset_range, inside: however a range is asked for, it is a run of ranks.
 *
 *   by rank            two ranks already
 *   by score or lex    the ranks of two bounds
 *   REV and LIMIT      arithmetic with these two numbers
 *
 * So LIMIT 1000000 10 does not walk over a million elements, and the length of
 * the reply is known before its first element. */
#include "command/zset_range.h"

#include <math.h>
#include <stdlib.h>

#include "command/args.h"
#include "command/command.h"
#include "command/errors.h"
#include "command/families.h"
#include "command/lookup.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/zset.h"

/* Parses 1.5, (1.5, inf or -inf. Redis leaves that to strtod alone, which takes
 * spaces before the number, and no number at all for 0. */
static bool parse_score_bound(struct slice text, bool is_max, struct bound *b)
{
    bool is_exclusive = text.len > 0 && text.ptr[0] == '(';
    char *copy = slice_dup(text), *end;
    *b = (struct bound){.by_score = true,
                        .after_equal = is_exclusive != is_max,
                        .score = strtod(copy + is_exclusive, &end)};
    bool is_valid = *end == '\0' && !isnan(b->score);
    zfree(copy);
    return is_valid;
}

/* Parses [abc, (abc, - or +. */
static bool parse_lex_bound(struct slice text, bool is_max, struct bound *b)
{
    bool is_infinite = slice_is(text, "-") || slice_is(text, "+");
    if (is_infinite) {
        *b = (struct bound){.after_equal = text.ptr[0] == '+'};
        return true;
    }
    if (text.len == 0 || (text.ptr[0] != '(' && text.ptr[0] != '['))
        return false;
    bool is_exclusive = text.ptr[0] == '(';
    *b = (struct bound){.by_member = true,
                        .after_equal = is_exclusive != is_max,
                        .member = {text.ptr + 1, text.len - 1}};
    return true;
}

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
    if (range->by == BY_LEX && !(parse_lex_bound(min, false, &range->min) &&
                                 parse_lex_bound(max, true, &range->max)))
        error = "ERR min or max not valid string range item";
    if (error)
        reply_error(c, error);
    return !error;
}

/* Parses BYSCORE, BYLEX or REV. Returns false if it is none of them, or if the
 * choice has been made already. */
static bool choose(struct zset_range *range, struct slice option)
{
    if (slice_is(option, "rev") && !range->is_reverse)
        range->is_reverse = true;
    else if (slice_is(option, "byscore") && range->by == BY_RANK)
        range->by = BY_SCORE;
    else if (slice_is(option, "bylex") && range->by == BY_RANK)
        range->by = BY_LEX;
    else
        return false;
    return true;
}

/* Parses the options from argument `first` on. */
static bool options_or_reply(struct client *c, int first, unsigned options,
                             struct zset_range *range)
{
    range->limit = -1;
    for (int i = first; i < c->argc; i++) {
        struct slice arg = c->argv[i];
        if (options & RANGE_SCORES && slice_is(arg, "withscores")) {
            range->with_scores = true;
        } else if (slice_is(arg, "limit") && i + 2 < c->argc) {
            if (!integer_or_reply(c, c->argv[++i], &range->offset) ||
                !integer_or_reply(c, c->argv[++i], &range->limit))
                return false;
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
    if (range->by == BY_RANK && range->limit != -1) {
        reply_error(c, "ERR syntax error, LIMIT is only supported in "
                       "combination with either BYSCORE or BYLEX");
        return false;
    }
    if (range->by == BY_LEX && range->with_scores) {
        reply_error(c, "ERR syntax error, WITHSCORES not supported in "
                       "combination with BYLEX");
        return false;
    }
    return ends_or_reply(c, first, range);
}

/* Cuts two ranks, counted from either end, to a sorted set of that length.
 * Writes the first in the direction of the range, and returns how many there
 * are from it on. */
static int64_t cut_ranks(const struct zset_range *range, int64_t length,
                         int64_t *first)
{
    int64_t start = range->start, stop = range->stop;
    if (start < 0)
        start = start < -length ? 0 : start + length;
    stop = stop < 0 ? stop + length : stop < length ? stop : length - 1;
    if (start > stop)
        return 0;
    *first = range->is_reverse ? length - 1 - start : start;
    return stop - start + 1;
}

/* The same for two bounds, and for the LIMIT that goes with them. */
static int64_t cut_bounds(const struct zset_range *range, const struct entry *e,
                          int64_t *first)
{
    int64_t min = (int64_t)zset_rank(e, &range->min);
    int64_t max = (int64_t)zset_rank(e, &range->max);
    int64_t skipped = range->offset, count = max - min;
    if (skipped < 0 || skipped >= count)
        return 0;
    *first = range->is_reverse ? max - 1 - skipped : min + skipped;
    count -= skipped;
    return range->limit < 0 || count < range->limit ? count : range->limit;
}

size_t zset_range_find(const struct zset_range *range, const struct entry *e,
                       size_t *rank)
{
    int64_t first = 0;
    int64_t count = range->by == BY_RANK
                        ? cut_ranks(range, (int64_t)zset_length(e), &first)
                        : cut_bounds(range, e, &first);
    *rank = (size_t)first;
    return count > 0 ? (size_t)count : 0;
}

void reply_zset_range(struct client *c, const struct zset_range *range)
{
    struct entry *e;
    struct zset_iterator it;
    struct slice member;
    double score;
    size_t rank;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        return;
    size_t count = zset_range_find(range, e, &rank);
    bool in_pairs = range->with_scores && c->protocol == 3;
    bool is_flat = range->with_scores && !in_pairs;
    reply_array(c, is_flat ? count * 2 : count);
    zset_iterate(&it, e, rank, count, range->is_reverse);
    while (zset_next(&it, &member, &score)) {
        if (in_pairs)
            reply_array(c, 2);
        reply_bulk(c, member);
        if (range->with_scores)
            reply_double(c, score);
    }
}

/* ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count]
 * [WITHSCORES] */
static void zrange_command(struct client *c)
{
    struct zset_range range = {0};
    if (zset_range_or_reply(c, 2, RANGE_CHOICE | RANGE_SCORES, &range))
        reply_zset_range(c, &range);
}

const struct command zset_range_commands[] = {
    {.name = "zrange", .arity = -4, .handler = zrange_command},
    {.name = NULL},
};
