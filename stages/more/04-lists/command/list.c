/* list: adds LPUSHX, RPUSHX, LSET, LINSERT, LREM, LPOS, LMOVE, RPOPLPUSH and
 * LMPOP. */
#include "command/list.h"

#include "command/args.h"
#include "command/call.h"
#include "command/errors.h"
#include "command/lookup.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/command/arguments.h"
#include "more/04-lists/command/families.h"
#include "more/04-lists/command/list.h"
#include "more/04-lists/command/multi_pop.h"
#include "more/04-lists/store/list_edit.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

/* Finds the list of a key, for a command that changes it. Replies and returns
 * NULL if the key is missing, with the error or, if that is NULL, with 0, or if
 * it has another type. */
static struct list *list_or_reply(struct client *c, struct slice key,
                                  const char *missing)
{
    struct entry *e;
    if (!write_typed_or_reply(c, key, TYPE_LIST, &e))
        return NULL;
    if (e)
        return entry_list(e);
    if (missing)
        reply_error(c, missing);
    else
        reply_integer(c, 0);
    return NULL;
}

/* Executes LPUSHX and RPUSHX, which create no list. */
static void push_if_present(struct client *c, enum list_end end)
{
    struct entry *e;
    if (!write_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    if (e)
        push_arguments(c, e, end, 2);
    else
        reply_integer(c, 0);
}

/* LPUSHX key element [element ...] */
static void lpushx_command(struct client *c)
{
    push_if_present(c, LIST_HEAD);
}

/* RPUSHX key element [element ...] */
static void rpushx_command(struct client *c)
{
    push_if_present(c, LIST_TAIL);
}

/* LSET key index element */
static void lset_command(struct client *c)
{
    int64_t index;
    struct list *l = list_or_reply(c, c->argv[1], "ERR no such key");
    if (!l || !integer_or_reply(c, c->argv[2], &index))
        return;
    if (index < 0)
        index += (int64_t)l->length;
    if (index < 0 || (uint64_t)index >= l->length) {
        reply_error(c, "ERR index out of range");
        return;
    }
    list_replace(list_seek(l, (size_t)index), c->argv[3]);
    list_changed(c, c->argv[1], l, "lset");
    reply_ok(c);
}

/* LINSERT key BEFORE | AFTER pivot element: -1 if the pivot is not there. */
static void linsert_command(struct client *c)
{
    char scratch[INT64_TEXT_MAX];
    bool before = slice_is(c->argv[2], "before");
    if (!before && !slice_is(c->argv[2], "after")) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    struct list *l = list_or_reply(c, c->argv[1], NULL);
    if (!l)
        return;
    struct list_place place = list_seek(l, 0);
    while (place.node && !slice_equal(list_value(place, scratch), c->argv[3]))
        place = list_next(place);
    if (!place.node) {
        reply_integer(c, -1);
        return;
    }
    if (before)
        list_insert_before(l, place, c->argv[4]);
    else
        list_insert_behind(l, place, c->argv[4]);
    list_changed(c, c->argv[1], l, "linsert");
    reply_integer(c, (int64_t)l->length);
}

/* LREM key count element: removes the first `count` of them, the last if it is
 * negative, all if it is 0. */
static void lrem_command(struct client *c)
{
    int64_t count;
    if (!integer_or_reply(c, c->argv[2], &count))
        return;
    struct list *l = list_or_reply(c, c->argv[1], NULL);
    if (!l)
        return;
    enum list_end towards = count < 0 ? LIST_HEAD : LIST_TAIL;
    uint64_t most = count < 0 ? 0 - (uint64_t)count : (uint64_t)count;
    uint64_t removed = 0;
    struct list_place place = list_seek(l, count < 0 ? l->length - 1 : 0);
    while (place.node && (most == 0 || removed < most)) {
        char scratch[INT64_TEXT_MAX];
        if (slice_equal(list_value(place, scratch), c->argv[3])) {
            place = list_erase(l, place, towards);
            removed++;
        } else {
            place = count < 0 ? list_previous(place) : list_next(place);
        }
    }
    if (removed > 0)
        list_changed(c, c->argv[1], l, "lrem");
    reply_integer(c, (int64_t)removed);
}

struct lpos_options {
    int64_t rank; /* which match is the first; from the tail if negative */
    int64_t count; /* matches; 0: all; -1: one, without an array */
    int64_t most; /* elements to compare; 0: all */
};

/* Parses the options of LPOS. Replies with an error and returns false if one is
 * invalid. */
static bool lpos_options_or_reply(struct client *c,
                                  struct lpos_options *options)
{
    for (int i = 3; i < c->argc; i += 2) {
        struct slice word = c->argv[i];
        if (i + 1 == c->argc) {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
        struct slice value = c->argv[i + 1];
        if (slice_is(word, "rank")) {
            if (!integer_or_reply(c, value, &options->rank))
                return false;
            if (options->rank == 0) {
                reply_error(c, "ERR RANK can't be zero: use 1 to start from "
                               "the first match, 2 from the second ... or use "
                               "negative to start from the end of the list");
                return false;
            }
        } else if (slice_is(word, "count")) {
            if (!at_least_or_reply(c, value, 0, &options->count,
                                   "ERR COUNT can't be negative"))
                return false;
        } else if (slice_is(word, "maxlen")) {
            if (!at_least_or_reply(c, value, 0, &options->most,
                                   "ERR MAXLEN can't be negative"))
                return false;
        } else {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
    }
    return true;
}

/* Replies with the indexes that match, or the first of them. */
static void reply_positions(struct client *c, const struct list *l,
                            const struct lpos_options *options)
{
    bool backwards = options->rank < 0;
    int64_t skip = 0; /* for INT64_MIN, too, which has no positive number */
    if (options->rank != INT64_MIN)
        skip = (backwards ? -options->rank : options->rank) - 1;
    struct output_block *begun = options->count == -1 ? NULL : reply_begin(c);
    size_t found = 0;
    int64_t seen = 0;
    struct list_place place = list_seek(l, backwards ? l->length - 1 : 0);
    while (place.node && (!options->most || seen < options->most)) {
        char scratch[INT64_TEXT_MAX];
        if (slice_equal(list_value(place, scratch), c->argv[2]) &&
            skip-- <= 0) {
            found++;
            reply_integer(c, backwards ? (int64_t)l->length - 1 - seen : seen);
            if (options->count < 0 || found == (uint64_t)options->count)
                break;
        }
        seen++;
        place = backwards ? list_previous(place) : list_next(place);
    }
    if (options->count != -1)
        reply_end_aggregate(c, begun, REPLY_ARRAY, found);
    else if (!found)
        reply_null(c);
}

/* LPOS key element [RANK rank] [COUNT count] [MAXLEN len] */
static void lpos_command(struct client *c)
{
    struct lpos_options options = {.rank = 1, .count = -1};
    struct entry *e;
    if (!lpos_options_or_reply(c, &options) ||
        !read_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    if (e)
        reply_positions(c, entry_list(e), &options);
    else if (options.count == -1)
        reply_null(c);
    else
        reply_array(c, 0);
}

const struct choice list_ends[] = {
    {"left", LIST_HEAD},
    {"right", LIST_TAIL},
    {NULL, 0},
};

void move_element(struct client *c, enum list_end from, enum list_end to)
{
    struct slice source = c->argv[1], target = c->argv[2];
    struct entry *e, *other;
    if (!write_typed_or_reply(c, source, TYPE_LIST, &e))
        return;
    if (!e) {
        reply_null(c);
        return;
    }
    if (!write_typed_or_reply(c, target, TYPE_LIST, &other))
        return;
    struct list *l = entry_list(e);
    char scratch[INT64_TEXT_MAX];
    size_t index = from == LIST_HEAD ? 0 : l->length - 1;
    struct slice value = list_value(list_seek(l, index), scratch);
    reply_bulk(c, value);
    /* A push moves the bytes of the listpack that it is into. */
    char *copy = slice_dup(value);
    value.ptr = copy;
    if (!other) {
        other = list_create(target);
        db_add(c->db, other);
    }
    list_remove(l, index, 1);
    list_push(entry_list(other), to, value);
    zfree(copy);
    key_changed(c->db, target, to == LIST_HEAD ? "lpush" : "rpush");
    list_changed(c, source, l, from == LIST_HEAD ? "lpop" : "rpop");
}

/* LMOVE source destination LEFT | RIGHT LEFT | RIGHT */
static void lmove_command(struct client *c)
{
    int from, to;
    if (choice_or_reply(c, c->argv[3], list_ends, &from, NULL) &&
        choice_or_reply(c, c->argv[4], list_ends, &to, NULL))
        move_element(c, (enum list_end)from, (enum list_end)to);
}

/* RPOPLPUSH source destination */
static void rpoplpush_command(struct client *c)
{
    move_element(c, LIST_TAIL, LIST_HEAD);
}

void pop_some(struct client *c, struct slice key, struct list *l,
              const struct pop_args *args)
{
    size_t count =
        (uint64_t)args->count < l->length ? (size_t)args->count : l->length;
    char text[INT64_TEXT_MAX];
    const struct slice argv[] = {args->end == LIST_HEAD ? SLICE("LPOP")
                                                        : SLICE("RPOP"),
                                 key,
                                 {text, format_uint64(text, count)}};
    reply_array(c, 2);
    reply_bulk(c, key);
    reply_array(c, count);
    pop_and_reply(c, key, l, (enum list_end)args->end, count);
    propagate_as(c, 3, argv);
}

bool pop_first_list(struct client *c, const struct pop_args *args)
{
    for (int i = args->first; i < args->first + args->keys; i++) {
        struct entry *e;
        if (!write_typed_or_reply(c, c->argv[i], TYPE_LIST, &e))
            return true;
        if (e) {
            pop_some(c, c->argv[i], entry_list(e), args);
            return true;
        }
    }
    return false;
}

/* LMPOP numkeys key [key ...] LEFT | RIGHT [COUNT count] */
static void lmpop_command(struct client *c)
{
    struct pop_args args;
    if (multi_pop_or_reply(c, 1, list_ends, &args) && !pop_first_list(c, &args))
        reply_null_array(c);
}

const struct command more_list_commands[] = {
    {.name = "lpushx",
     .arity = -3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = lpushx_command},
    {.name = "rpushx",
     .arity = -3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = rpushx_command},
    {.name = "lset",
     .arity = 4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = lset_command},
    {.name = "linsert",
     .arity = 5,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = linsert_command},
    {.name = "lrem", .arity = 4, .flags = CMD_WRITE, .handler = lrem_command},
    {.name = "lpos", .arity = -3, .handler = lpos_command},
    {.name = "lmove",
     .arity = 5,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = lmove_command},
    {.name = "rpoplpush",
     .arity = 3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = rpoplpush_command},
    {.name = "lmpop",
     .arity = -4,
     .flags = CMD_WRITE,
     .handler = lmpop_command},
    {.name = NULL},
};
