/* zset_algebra: adds ZUNION, ZINTER, ZDIFF, their STORE forms and ZINTERCARD.
 *
 * Sets take part as well, with a score of 1 for each member. A result is
 * collected in a dict of fields first, whose values are the scores: a member of
 * several inputs is found there, and changed in place. Then it is sorted
 * once. */
#include "command/zset.h"

#include <math.h>
#include <stdlib.h>

#include "command/args.h"
#include "command/errors.h"
#include "command/lookup.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/command/arguments.h"
#include "more/06-sorted-sets/command/families.h"
#include "more/06-sorted-sets/command/zset_store.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/field.h"
#include "store/keyspace.h"
#include "store/set.h"

enum aggregate { AGGREGATE_SUM, AGGREGATE_MIN, AGGREGATE_MAX };

static const struct choice aggregates[] = {
    {"sum", AGGREGATE_SUM},
    {"min", AGGREGATE_MIN},
    {"max", AGGREGATE_MAX},
    {NULL, 0},
};

/* The options that a command takes. */
enum option {
    WITH_WEIGHTS = 1 << 0,
    WITH_SCORES = 1 << 1,
    WITH_LIMIT = 1 << 2
};

/* A sorted set or a set. */
struct input {
    struct entry *entry; /* NULL: the key is missing */
    double weight;
};

struct algebra {
    struct input *inputs;
    size_t count;
    int aggregate; /* enum aggregate */
    bool with_scores;
    int64_t limit; /* of ZINTERCARD; 0: none */
};

static bool is_set(const struct input *in)
{
    return in->entry && in->entry->type == TYPE_SET;
}

static size_t input_length(const struct input *in)
{
    return is_set(in) ? set_size(in->entry) : zset_length(in->entry);
}

/* Finds the score of a member. Returns false if there is no such member. */
static bool input_score(const struct input *in, struct slice member,
                        double *score)
{
    *score = 1;
    return is_set(in) ? set_has(in->entry, member)
                      : zset_score(in->entry, member, score);
}

/* Goes over an input; the loop may be left after input_end. */
struct input_iterator {
    const struct input *input;
    struct set_iterator members;
    struct zset_iterator elements;
};

static void input_iterate(struct input_iterator *it, const struct input *in)
{
    it->input = in;
    if (is_set(in))
        set_iterate(&it->members, in->entry);
    else
        zset_iterate(&it->elements, in->entry, 0, input_length(in), false);
}

static bool input_next(struct input_iterator *it, struct slice *member,
                       double *score)
{
    *score = 1;
    return is_set(it->input) ? set_next(&it->members, member)
                             : zset_next(&it->elements, member, score);
}

static void input_end(struct input_iterator *it)
{
    if (is_set(it->input))
        set_iterate_end(&it->members);
}

/* Looks up the inputs, from argument `first` on. Replies with an error and
 * returns false if a key holds another type. */
static bool inputs_or_reply(struct client *c, int first, struct algebra *a)
{
    a->inputs = zmalloc(a->count * sizeof *a->inputs);
    for (size_t i = 0; i < a->count; i++) {
        struct entry *e = lookup_read(c->db, c->argv[(size_t)first + i]);
        if (e && e->type != TYPE_ZSET && e->type != TYPE_SET) {
            reply_error(c, ERR_WRONG_TYPE);
            return false;
        }
        a->inputs[i] = (struct input){e, 1};
    }
    return true;
}

/* Parses as many weights as there are inputs, from argument `first` on. */
static bool weights_or_reply(struct client *c, int first, struct algebra *a)
{
    for (size_t i = 0; i < a->count; i++) {
        if (!parse_double(c->argv[(size_t)first + i], &a->inputs[i].weight)) {
            reply_error(c, "ERR weight value is not a float");
            return false;
        }
    }
    return true;
}

/* Parses the options from argument `first` on. */
static bool options_or_reply(struct client *c, int first, unsigned options,
                             struct algebra *a)
{
    for (int i = first; i < c->argc; i++) {
        struct slice arg = c->argv[i];
        size_t behind = (size_t)(c->argc - i - 1);
        if (options & WITH_WEIGHTS && slice_is(arg, "weights") &&
            behind >= a->count) {
            if (!weights_or_reply(c, i + 1, a))
                return false;
            i += (int)a->count;
        } else if (options & WITH_WEIGHTS && slice_is(arg, "aggregate") &&
                   behind > 0) {
            if (!choice_or_reply(c, c->argv[++i], aggregates, &a->aggregate,
                                 NULL))
                return false;
        } else if (options & WITH_SCORES && slice_is(arg, "withscores")) {
            a->with_scores = true;
        } else if (options & WITH_LIMIT && slice_is(arg, "limit") &&
                   behind > 0) {
            if (!at_least_or_reply(c, c->argv[++i], 0, &a->limit,
                                   "ERR LIMIT can't be negative"))
                return false;
        } else {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
    }
    return true;
}

/* Parses numkeys in argument `first`, the keys, and the options behind them.
 * The caller frees the inputs with zfree in any case. Replies with an error and
 * returns false if one is invalid. */
static bool algebra_or_reply(struct client *c, int first, unsigned options,
                             struct algebra *a)
{
    int64_t keys;
    if (!integer_or_reply(c, c->argv[first], &keys))
        return false;
    if (keys < 1) {
        reply_errorf(c, "ERR at least 1 input key is needed for '%s' command",
                     c->command->name);
        return false;
    }
    if (keys > c->argc - first - 1) {
        reply_error(c, ERR_SYNTAX);
        return false;
    }
    a->count = (size_t)keys;
    return inputs_or_reply(c, first + 1, a) &&
           options_or_reply(c, first + 1 + (int)keys, options, a);
}

/* Sorts the inputs by their lengths; those of equal length keep their order. It
 * decides in which order scores are summed up, which may change the last digit
 * of a sum. */
static void shortest_first(struct algebra *a)
{
    for (size_t i = 1; i < a->count; i++) {
        struct input moved = a->inputs[i];
        size_t at = i;
        for (; at > 0; at--) {
            if (input_length(&a->inputs[at - 1]) <= input_length(&moved))
                break;
            a->inputs[at] = a->inputs[at - 1];
        }
        a->inputs[at] = moved;
    }
}

/* inf times 0 is not a number; in a result it is 0. */
static double number(double value)
{
    return isnan(value) ? 0 : value;
}

/* Adds the score of one more input to that of a member. */
static void add_score(const struct algebra *a, double *score, double value)
{
    if (a->aggregate == AGGREGATE_SUM)
        *score = number(*score + value);
    else if (a->aggregate == AGGREGATE_MIN ? value < *score : value > *score)
        *score = value;
}

/* Stores the score of a member that is new in the result. */
static void set_score(struct dict *result, struct slice member, double score)
{
    fields_set(result, member,
               (struct slice){(const char *)&score, sizeof score});
}

static double score_of(const struct field *f)
{
    double score;
    memcpy(&score, field_value(f).ptr, sizeof score);
    return score;
}

static void unite(const struct algebra *a, struct dict *result)
{
    for (size_t i = 0; i < a->count; i++) {
        struct input_iterator it;
        struct slice member;
        double score;
        input_iterate(&it, &a->inputs[i]);
        while (input_next(&it, &member, &score)) {
            const struct field *f = fields_find(result, member);
            double sum = f ? score_of(f) : 0;
            score = number(score * a->inputs[i].weight);
            if (f)
                add_score(a, &sum, score);
            set_score(result, member, f ? sum : score);
        }
    }
}

/* Returns whether all other inputs have a member of the first, and adds their
 * scores to its own. */
static bool is_in_all(const struct algebra *a, struct slice member,
                      double *score)
{
    *score = number(*score * a->inputs[0].weight);
    for (size_t i = 1; i < a->count; i++) {
        double value;
        if (!input_score(&a->inputs[i], member, &value))
            return false;
        add_score(a, score, value * a->inputs[i].weight);
    }
    return true;
}

/* Returns how many members all inputs have, up to the limit. `result` is NULL
 * if nothing but that number is wanted. */
static size_t intersect(const struct algebra *a, struct dict *result)
{
    struct input_iterator it;
    struct slice member;
    double score;
    size_t count = 0;
    input_iterate(&it, &a->inputs[0]);
    while (input_next(&it, &member, &score)) {
        if (!is_in_all(a, member, &score))
            continue;
        if (result)
            set_score(result, member, score);
        count++;
        if (a->limit > 0 && count == (uint64_t)a->limit)
            break;
    }
    input_end(&it);
    return count;
}

static void subtract(const struct algebra *a, struct dict *result)
{
    struct input_iterator it;
    struct slice member;
    double score, other;
    input_iterate(&it, &a->inputs[0]);
    while (input_next(&it, &member, &score)) {
        size_t i = 1;
        while (i < a->count && !input_score(&a->inputs[i], member, &other))
            i++;
        if (i == a->count)
            set_score(result, member, score);
    }
}

/* Orders two fields by their scores, then by their members, for qsort. */
static int compare_fields(const void *x, const void *y)
{
    const struct field *a = *(const struct field *const *)x;
    const struct field *b = *(const struct field *const *)y;
    if (score_of(a) != score_of(b))
        return score_of(a) < score_of(b) ? -1 : 1;
    return slice_compare(field_name(a), field_name(b));
}

/* Returns the fields of a result in order, in an array that the caller frees
 * with zfree. */
static const struct field **sorted(struct dict *result)
{
    const struct field **fields = zmalloc(dict_count(result) * sizeof *fields);
    struct dict_iterator it;
    struct dict_node *node;
    size_t count = 0;
    dict_iterate(&it, result);
    while ((node = dict_next(&it)))
        fields[count++] = (struct field *)node;
    if (count > 0)
        qsort(fields, count, sizeof(struct field *), compare_fields);
    return fields;
}

/* Replies with a result. */
static void reply_result(struct client *c, const struct algebra *a,
                         const struct field **fields, size_t count)
{
    bool in_pairs = a->with_scores && c->protocol == 3;
    bool is_flat = a->with_scores && !in_pairs;
    reply_array(c, is_flat ? count * 2 : count);
    for (size_t i = 0; i < count; i++) {
        if (in_pairs)
            reply_array(c, 2);
        reply_bulk(c, field_name(fields[i]));
        if (a->with_scores)
            reply_double(c, score_of(fields[i]));
    }
}

/* Stores a result under the client's first key, and replies with its length. */
static void store_result(struct client *c, const struct field **fields,
                         size_t count, const char *event)
{
    size_t longest = 0;
    for (size_t i = 0; i < count; i++) {
        if (fields[i]->name_len > longest)
            longest = fields[i]->name_len;
    }
    struct entry *stored = create_result(c->argv[1], count, longest);
    for (size_t i = 0; i < count; i++) {
        double score = score_of(fields[i]);
        zset_add(stored, field_name(fields[i]), &score, 0);
    }
    store_zset_and_reply(c, stored, event);
}

enum operation { UNION, INTERSECTION, DIFFERENCE };

/* Executes an operation. The result is stored if there is an event to be
 * reported, and is the reply if not. */
static void execute(struct client *c, enum operation operation,
                    const char *event)
{
    struct algebra a = {0};
    unsigned options = (operation == DIFFERENCE ? 0 : WITH_WEIGHTS) |
                       (event ? 0 : WITH_SCORES);
    if (algebra_or_reply(c, event ? 2 : 1, options, &a)) {
        struct dict *result = fields_create();
        if (operation != DIFFERENCE)
            shortest_first(&a);
        if (operation == UNION)
            unite(&a, result);
        else if (operation == INTERSECTION)
            intersect(&a, result);
        else
            subtract(&a, result);
        const struct field **fields = sorted(result);
        if (event)
            store_result(c, fields, dict_count(result), event);
        else
            reply_result(c, &a, fields, dict_count(result));
        zfree(fields);
        fields_free(result);
    }
    zfree(a.inputs);
}

/* ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]]
 * [AGGREGATE SUM | MIN | MAX] [WITHSCORES] */
static void zunion_command(struct client *c)
{
    execute(c, UNION, NULL);
}

/* ZINTER, with the arguments of ZUNION */
static void zinter_command(struct client *c)
{
    execute(c, INTERSECTION, NULL);
}

/* ZDIFF numkeys key [key ...] [WITHSCORES] */
static void zdiff_command(struct client *c)
{
    execute(c, DIFFERENCE, NULL);
}

/* ZUNIONSTORE destination numkeys key [key ...]
 * [WEIGHTS weight [weight ...]] [AGGREGATE SUM | MIN | MAX] */
static void zunionstore_command(struct client *c)
{
    execute(c, UNION, "zunionstore");
}

/* ZINTERSTORE, with the arguments of ZUNIONSTORE */
static void zinterstore_command(struct client *c)
{
    execute(c, INTERSECTION, "zinterstore");
}

/* ZDIFFSTORE destination numkeys key [key ...] */
static void zdiffstore_command(struct client *c)
{
    execute(c, DIFFERENCE, "zdiffstore");
}

/* ZINTERCARD numkeys key [key ...] [LIMIT limit] */
static void zintercard_command(struct client *c)
{
    struct algebra a = {0};
    if (algebra_or_reply(c, 1, WITH_LIMIT, &a)) {
        shortest_first(&a);
        reply_integer(c, (int64_t)intersect(&a, NULL));
    }
    zfree(a.inputs);
}

const struct command more_zset_algebra_commands[] = {
    {.name = "zunion", .arity = -3, .handler = zunion_command},
    {.name = "zinter", .arity = -3, .handler = zinter_command},
    {.name = "zdiff", .arity = -3, .handler = zdiff_command},
    {.name = "zunionstore",
     .arity = -4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = zunionstore_command},
    {.name = "zinterstore",
     .arity = -4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = zinterstore_command},
    {.name = "zdiffstore",
     .arity = -4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = zdiffstore_command},
    {.name = "zintercard", .arity = -3, .handler = zintercard_command},
    {.name = NULL},
};
