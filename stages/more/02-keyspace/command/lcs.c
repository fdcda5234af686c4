/* lcs: adds LCS, the longest common subsequence of two values.
 *
 * length[i][j] is that of the first i bytes of one and the first j of the
 * other. Each cell follows from three neighbours, so the table is filled row
 * by row; the way back from its last cell gives the bytes themselves:
 *
 *            m  y  n  e  w
 *         0  0  0  0  0  0
 *      o  0  0  0  0  0  0     equal bytes: 1 + the cell diagonally before
 *      m  0 [1] 1  1  1  1     others: the larger one of left and above
 *      y  0  1 [2] 2  2  2
 *
 * Time and memory are the product of both lengths. */
#include <stdbool.h>
#include <stdint.h>

#include "command/args.h"
#include "command/errors.h"
#include "common/zmalloc.h"
#include "more/02-keyspace/command/families.h"
#include "net/client.h"
#include "net/output.h"
#include "net/reply.h"
#include "net/resp.h"
#include "store/keyspace.h"
#include "store/string.h"

struct lcs_options {
    bool len; /* only how long it is */
    bool idx; /* where the parts of it are */
    bool with_match_len;
    int64_t min_match_len; /* shorter parts are left out */
};

struct lcs {
    struct slice a, b;
    uint32_t *length; /* (a.len + 1) rows of (b.len + 1) */
};

/* A part that is the same in both: `len` bytes from these indexes on. */
struct match {
    size_t a, b, len;
};

/* length[i][j] */
static uint32_t *cell(const struct lcs *lcs, size_t i, size_t j)
{
    return &lcs->length[i * (lcs->b.len + 1) + j];
}

/* The last cell: that of both values as a whole. */
static uint32_t common_length(const struct lcs *lcs)
{
    return *cell(lcs, lcs->a.len, lcs->b.len);
}

/* Whether the last of the first i and j bytes are the same. */
static bool ends_equal(const struct lcs *lcs, size_t i, size_t j)
{
    return lcs->a.ptr[i - 1] == lcs->b.ptr[j - 1];
}

/* Fills the table; the first row and column are 0 already. */
static void fill(struct lcs *lcs)
{
    for (size_t i = 1; i <= lcs->a.len; i++) {
        for (size_t j = 1; j <= lcs->b.len; j++) {
            uint32_t above = *cell(lcs, i - 1, j);
            uint32_t left = *cell(lcs, i, j - 1);
            if (ends_equal(lcs, i, j))
                *cell(lcs, i, j) = *cell(lcs, i - 1, j - 1) + 1;
            else
                *cell(lcs, i, j) = above > left ? above : left;
        }
    }
}

/* Goes back from (*i, *j) to the next part that is the same in both, and past
 * it. Returns false when there is none any more. */
static bool previous_match(const struct lcs *lcs, size_t *i, size_t *j,
                           struct match *match)
{
    while (*i > 0 && *j > 0 && !ends_equal(lcs, *i, *j)) {
        if (*cell(lcs, *i - 1, *j) > *cell(lcs, *i, *j - 1))
            (*i)--;
        else
            (*j)--;
    }
    size_t end = *i;
    while (*i > 0 && *j > 0 && ends_equal(lcs, *i, *j)) {
        (*i)--;
        (*j)--;
    }
    *match = (struct match){*i, *j, end - *i};
    return match->len > 0;
}

/* Replies with the bytes themselves, put together from the end. */
static void reply_subsequence(struct client *c, const struct lcs *lcs)
{
    size_t left = common_length(lcs);
    size_t i = lcs->a.len, j = lcs->b.len;
    char *bytes = zmalloc(left);
    struct match match;
    while (previous_match(lcs, &i, &j, &match)) {
        for (size_t k = match.len; k > 0; k--)
            bytes[--left] = lcs->a.ptr[match.a + k - 1];
    }
    reply_bulk(c, (struct slice){bytes, common_length(lcs)});
    zfree(bytes);
}

/* Replies with the first and the last index of a part. */
static void reply_range(struct client *c, size_t start, size_t len)
{
    reply_array(c, 2);
    reply_integer(c, (int64_t)start);
    reply_integer(c, (int64_t)(start + len - 1));
}

/* Replies with the parts from the last to the first, as they are found. */
static void reply_matches(struct client *c, const struct lcs *lcs,
                          const struct lcs_options *options)
{
    size_t i = lcs->a.len, j = lcs->b.len, count = 0;
    struct match match;
    reply_map(c, 2);
    reply_bulk_text(c, "matches");
    struct output_block *begun = reply_begin(c);
    while (previous_match(lcs, &i, &j, &match)) {
        if ((int64_t)match.len < options->min_match_len)
            continue;
        reply_array(c, options->with_match_len ? 3 : 2);
        reply_range(c, match.a, match.len);
        reply_range(c, match.b, match.len);
        if (options->with_match_len)
            reply_integer(c, (int64_t)match.len);
        count++;
    }
    reply_end_aggregate(c, begun, REPLY_ARRAY, count);
    reply_bulk_text(c, "len");
    reply_integer(c, common_length(lcs));
}

/* Parses the options after the keys. Replies with an error and returns false if
 * one is invalid. */
static bool options_or_reply(struct client *c, struct lcs_options *options)
{
    for (int i = 3; i < c->argc; i++) {
        struct slice arg = c->argv[i];
        if (slice_is(arg, "idx")) {
            options->idx = true;
        } else if (slice_is(arg, "len")) {
            options->len = true;
        } else if (slice_is(arg, "withmatchlen")) {
            options->with_match_len = true;
        } else if (slice_is(arg, "minmatchlen") && i + 1 < c->argc) {
            if (!integer_or_reply(c, c->argv[++i], &options->min_match_len))
                return false;
        } else {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
    }
    if (!options->idx || !options->len)
        return true;
    reply_error(c, "ERR If you want both the length and indexes, please just "
                   "use IDX.");
    return false;
}

/* Replies with an error and returns false if the table would be too large. */
static bool table_fits_or_reply(struct client *c, const struct lcs *lcs)
{
    uint64_t max_cells = (uint64_t)resp_max_bulk_len / sizeof *lcs->length;
    if (lcs->a.len + 1 <= max_cells / (lcs->b.len + 1))
        return true;
    reply_error(c, "ERR Insufficient memory, transient memory for LCS exceeds "
                   "proto-max-bulk-len");
    return false;
}

/* Finds the value, an empty one for a missing key. Returns false if it isn't a
 * string. */
static bool find_string(const struct entry *e, char *scratch,
                        struct slice *value)
{
    *value = SLICE("");
    if (e && e->type != TYPE_STRING)
        return false;
    if (e)
        *value = string_value(e, scratch);
    return true;
}

/* LCS key key [LEN | IDX [MINMATCHLEN len] [WITHMATCHLEN]]: a missing key
 * counts as an empty string. */
static void lcs_command(struct client *c)
{
    char a_scratch[INT64_TEXT_MAX], b_scratch[INT64_TEXT_MAX];
    const struct entry *a = lookup_read(c->db, c->argv[1]);
    const struct entry *b = lookup_read(c->db, c->argv[2]);
    struct lcs_options options = {0};
    struct lcs lcs;
    if (!find_string(a, a_scratch, &lcs.a) ||
        !find_string(b, b_scratch, &lcs.b)) {
        reply_error(c, "ERR The specified keys must contain string values");
        return;
    }
    if (!options_or_reply(c, &options) || !table_fits_or_reply(c, &lcs))
        return;
    lcs.length =
        ztry_calloc((lcs.a.len + 1) * (lcs.b.len + 1), sizeof *lcs.length);
    if (!lcs.length) {
        reply_error(c, "ERR Insufficient memory, failed allocating transient "
                       "memory for LCS");
        return;
    }
    fill(&lcs);
    if (options.idx)
        reply_matches(c, &lcs, &options);
    else if (options.len)
        reply_integer(c, common_length(&lcs));
    else
        reply_subsequence(c, &lcs);
    zfree(lcs.length);
}

const struct command more_lcs_commands[] = {
    {.name = "lcs", .arity = -3, .handler = lcs_command},
    {.name = NULL},
};
