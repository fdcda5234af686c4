/* zset: commands for sorted sets, but for those that return ranges. */
#include "command/zset.h"

#include "command/command.h"
#include "command/errors.h"
#include "command/families.h"
#include "command/lookup.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

/* What ZADD is asked to do. */
struct addition {
    unsigned rules; /* enum zset_rule */
    bool counts_updates; /* CH: in the reply, too */
    int first; /* the argument with the first score */
};

/* Parses the options before the first score. An argument that is none of them
 * has to be that score. */
static void parse_options(const struct client *c, struct addition *a)
{
    static const struct {
        const char *name;
        unsigned rule;
    } options[] = {
        {"nx", ZSET_ADD_ONLY},    {"xx", ZSET_UPDATE_ONLY},
        {"gt", ZSET_IF_GREATER},  {"lt", ZSET_IF_LESS},
        {"incr", ZSET_INCREMENT}, {"ch", 0},
    };
    enum { OPTIONS = sizeof options / sizeof options[0] };
    for (a->first = 2; a->first < c->argc; a->first++) {
        struct slice arg = c->argv[a->first];
        size_t i = 0;
        while (i < OPTIONS && !slice_is(arg, options[i].name))
            i++;
        if (i == OPTIONS)
            return;
        a->rules |= options[i].rule;
        a->counts_updates |= options[i].rule == 0;
    }
}

/* Replies with an error and returns false if the options exclude each other, or
 * if what follows them is not pairs. */
static bool addition_is_valid_or_reply(struct client *c,
                                       const struct addition *a)
{
    unsigned rules = a->rules;
    int arguments = c->argc - a->first;
    unsigned compared = rules & (ZSET_IF_GREATER | ZSET_IF_LESS);
    const char *error = NULL;
    if (arguments == 0 || arguments % 2 != 0)
        error = ERR_SYNTAX;
    else if (rules & ZSET_ADD_ONLY && rules & ZSET_UPDATE_ONLY)
        error = "ERR XX and NX options at the same time are not compatible";
    else if ((compared && rules & ZSET_ADD_ONLY) ||
             compared == (ZSET_IF_GREATER | ZSET_IF_LESS))
        error = "ERR GT, LT, and/or NX options at the same time are not "
                "compatible";
    else if (rules & ZSET_INCREMENT && arguments > 2)
        error = "ERR INCR option supports a single increment-element pair";
    if (error)
        reply_error(c, error);
    return !error;
}

/* Parses the scores of all pairs, before any of them is added. Returns an array
 * of them, which the caller frees with zfree. Replies with an error and returns
 * NULL if one is invalid. */
static double *scores_or_reply(struct client *c, int first)
{
    size_t pairs = (size_t)(c->argc - first) / 2;
    double *scores = zmalloc(pairs * sizeof *scores);
    for (size_t i = 0; i < pairs; i++) {
        if (!parse_double(c->argv[(size_t)first + i * 2], &scores[i])) {
            reply_error(c, ERR_NOT_FLOAT);
            zfree(scores);
            return NULL;
        }
    }
    return scores;
}

/* Adds one pair after the other; none if there is no entry. With INCR, of which
 * there is one, the reply is the new score, else how many are new. */
static void add_pairs(struct client *c, const struct addition *a,
                      struct entry *e, double *scores)
{
    enum zset_outcome outcome = ZSET_REFUSED;
    int64_t added = 0, updated = 0;
    bool is_increment = a->rules & ZSET_INCREMENT;
    for (int i = a->first; e && i < c->argc; i += 2) {
        double *score = &scores[(i - a->first) / 2];
        outcome = zset_add(e, c->argv[i + 1], score, a->rules);
        added += outcome == ZSET_ADDED;
        updated += outcome == ZSET_UPDATED;
    }
    if (added + updated > 0)
        key_changed(c->db, c->argv[1], is_increment ? "zincr" : "zadd");
    if (outcome == ZSET_NOT_A_NUMBER)
        reply_error(c, "ERR resulting score is not a number (NaN)");
    else if (is_increment && outcome == ZSET_REFUSED)
        reply_null(c);
    else if (is_increment)
        reply_double(c, scores[0]);
    else
        reply_integer(c, a->counts_updates ? added + updated : added);
}

/* Executes ZADD and ZINCRBY. A sorted set is not created for nothing: XX would
 * add nothing to it. */
static void execute_addition(struct client *c, unsigned rules)
{
    struct addition a = {.rules = rules};
    struct slice key = c->argv[1];
    struct entry *e;
    parse_options(c, &a);
    if (!addition_is_valid_or_reply(c, &a))
        return;
    double *scores = scores_or_reply(c, a.first);
    if (!scores)
        return;
    if (write_typed_or_reply(c, key, TYPE_ZSET, &e)) {
        if (!e && !(a.rules & ZSET_UPDATE_ONLY)) {
            e = zset_create(key);
            db_add(c->db, e);
        }
        add_pairs(c, &a, e, scores);
    }
    zfree(scores);
}

/* ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...] */
static void zadd_command(struct client *c)
{
    execute_addition(c, 0);
}

/* ZINCRBY key increment member */
static void zincrby_command(struct client *c)
{
    execute_addition(c, ZSET_INCREMENT);
}

void zset_removed(struct client *c, struct slice key, struct entry *e,
                  const char *event)
{
    key_changed(c->db, key, event);
    if (zset_length(e) > 0)
        return;
    db_delete(c->db, key);
    key_changed(c->db, key, "del");
}

/* ZREM key member [member ...]: deletes the key with its last member. */
static void zrem_command(struct client *c)
{
    struct entry *e;
    int64_t removed = 0;
    if (!write_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        return;
    for (int i = 2; e && i < c->argc; i++)
        removed += zset_remove(e, c->argv[i]);
    if (removed > 0)
        zset_removed(c, c->argv[1], e, "zrem");
    reply_integer(c, removed);
}

/* ZSCORE key member */
static void zscore_command(struct client *c)
{
    struct entry *e;
    double score;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        return;
    if (zset_score(e, c->argv[2], &score))
        reply_double(c, score);
    else
        reply_null(c);
}

/* ZCARD key */
static void zcard_command(struct client *c)
{
    struct entry *e;
    if (read_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        reply_integer(c, (int64_t)zset_length(e));
}

/* Executes ZRANK and ZREVRANK. */
static void reply_rank(struct client *c, bool is_reverse)
{
    struct slice member = c->argv[2];
    struct entry *e;
    double score;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        return;
    if (!zset_score(e, member, &score)) {
        reply_null(c);
        return;
    }
    struct bound b = bound_of(score, member);
    size_t rank = zset_rank(e, &b);
    if (is_reverse)
        rank = zset_length(e) - 1 - rank;
    reply_integer(c, (int64_t)rank);
}

/* ZRANK key member */
static void zrank_command(struct client *c)
{
    reply_rank(c, false);
}

/* ZREVRANK key member: the rank from the end. */
static void zrevrank_command(struct client *c)
{
    reply_rank(c, true);
}

const struct command zset_commands[] = {
    {.name = "zadd",
     .arity = -4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = zadd_command},
    {.name = "zincrby",
     .arity = 4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = zincrby_command},
    {.name = "zrem", .arity = -3, .flags = CMD_WRITE, .handler = zrem_command},
    {.name = "zscore", .arity = 3, .handler = zscore_command},
    {.name = "zcard", .arity = 2, .handler = zcard_command},
    {.name = "zrank", .arity = 3, .handler = zrank_command},
    {.name = "zrevrank", .arity = 3, .handler = zrevrank_command},
    {.name = NULL},
};
