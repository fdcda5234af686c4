/* sort: adds SORT and SORT_RO.
 *
 *   SORT key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]]
 *     [ASC | DESC] [ALPHA] [STORE destination] */
#include "more/06-sorted-sets/command/sort.h"

#include <locale.h>

#include "command/args.h"
#include "command/errors.h"
#include "common/zmalloc.h"
#include "more/02-keyspace/store/copy.h"
#include "more/06-sorted-sets/store/sort.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/list.h"
#include "store/zset.h"

void sort_open(void)
{
    setlocale(LC_COLLATE, "");
}

struct request {
    bool may_store; /* SORT_RO may not */
    bool is_descending, as_text;
    bool as_it_is; /* a BY without a star: elements are not sorted at all */
    bool has_by;
    struct sort_pattern by;
    struct sort_pattern *gets; /* what to reply with for each element */
    size_t get_count; /* 0: with the element */
    int64_t offset, limit; /* a negative limit is none */
    struct slice target; /* the key to store in; ptr is NULL if there is none */
};

/* Parses the option at argument *i, and moves to its last argument. Replies
 * with an error and returns false if it is invalid. */
static bool option_or_reply(struct client *c, struct request *r, int *i)
{
    struct slice word = c->argv[*i];
    int left = c->argc - 1 - *i;
    if (slice_is(word, "asc")) {
        r->is_descending = false;
    } else if (slice_is(word, "desc")) {
        r->is_descending = true;
    } else if (slice_is(word, "alpha")) {
        r->as_text = true;
    } else if (slice_is(word, "limit") && left >= 2) {
        *i += 2;
        return integer_or_reply(c, c->argv[*i - 1], &r->offset) &&
               integer_or_reply(c, c->argv[*i], &r->limit);
    } else if (slice_is(word, "store") && left >= 1 && r->may_store) {
        r->target = c->argv[++*i];
    } else if (slice_is(word, "by") && left >= 1) {
        r->has_by = true;
        r->by = sort_pattern_parse(c->argv[++*i]);
        r->as_it_is |= !r->by.has_star; /* for good, even if another follows */
    } else if (slice_is(word, "get") && left >= 1) {
        r->gets[r->get_count++] = sort_pattern_parse(c->argv[++*i]);
    } else {
        reply_error(c, ERR_SYNTAX);
        return false;
    }
    return true;
}

/* Finds the key in the client's first argument. Replies with an error and
 * returns false if its value cannot be sorted. */
static bool source_or_reply(struct client *c, struct entry **e)
{
    *e = lookup_read(c->db, c->argv[1]);
    if (!*e || (*e)->type == TYPE_LIST || (*e)->type == TYPE_SET ||
        (*e)->type == TYPE_ZSET)
        return true;
    reply_error(c, ERR_WRONG_TYPE);
    return false;
}

/* The elements of a result. */
struct result {
    struct client *client;
    const struct request *request;
    const struct sort *sort;
    size_t first, count; /* of the sorted elements */
};

/* Gets each value of the result, in its order; NULL for one that is missing. */
typedef void value_fn(void *context, const struct slice *value);

/* Passes on all values of a result: the elements, or what the patterns of GET
 * find for each. */
static void each_value(const struct result *result, value_fn *fn, void *context)
{
    const struct request *r = result->request;
    struct buffer key = {0};
    for (size_t i = result->first; i < result->first + result->count; i++) {
        struct slice value, element = sort_element(result->sort, i);
        if (r->get_count == 0)
            fn(context, &element);
        for (size_t g = 0; g < r->get_count; g++) {
            char scratch[INT64_TEXT_MAX];
            bool found = sort_pattern_find(&r->gets[g], result->client->db,
                                           element, &key, scratch, &value);
            fn(context, found ? &value : NULL);
        }
    }
    buffer_free(&key);
}

static void reply_value(void *context, const struct slice *value)
{
    if (value)
        reply_bulk(context, *value);
    else
        reply_null(context);
}

static void push_value(void *context, const struct slice *value)
{
    list_push(context, LIST_TAIL, value ? *value : SLICE(""));
}

/* Stores a result as a list, whatever the key held, and replies with its
 * length. An empty result deletes the key. */
static void store_result(struct client *c, const struct result *result,
                         size_t values)
{
    struct slice target = result->request->target;
    if (values > 0) {
        struct entry *e = list_create(target);
        each_value(result, push_value, entry_list(e));
        db_store(c->db, e);
        key_changed(c->db, target, "sortstore");
    } else if (db_unlink(c->db, target)) {
        key_changed(c->db, target, "del");
    }
    reply_integer(c, (int64_t)values);
}

/* Sorts the elements that were loaded, replies with those of the result or
 * stores them. */
static void finish(struct client *c, const struct request *r, struct sort *s,
                   bool is_sorted, size_t first, size_t count)
{
    struct result result = {c, r, s, first, count};
    size_t values = count * (r->get_count ? r->get_count : 1);
    if (is_sorted && !sort_weigh(s, c->db)) {
        reply_error(c, "ERR One or more scores can't be converted into double");
        return;
    }
    if (is_sorted)
        sort_order(s, first, count);
    if (r->target.ptr) {
        store_result(c, &result, values);
    } else {
        reply_array(c, values);
        each_value(&result, reply_value, c);
    }
}

/* Sorts a value, or takes its elements as they are. Of a list or sorted set
 * that is not to be sorted only the result is loaded. A set that is not to be
 * sorted is sorted all the same if it is stored: the result must be the same
 * elsewhere. */
static void execute(struct client *c, const struct request *r, struct entry *e)
{
    size_t length = sort_length(e), first = length, count = 0;
    bool is_set = e && e->type == TYPE_SET;
    bool is_forced = r->as_it_is && is_set && r->target.ptr;
    bool is_sorted = !r->as_it_is || is_forced;
    struct sort s = {.rules = {
                         .is_descending = r->is_descending,
                         .as_text = r->as_text || is_forced,
                         .as_bytes = r->target.ptr,
                         .by = r->has_by && !r->as_it_is ? &r->by : NULL,
                     }};
    if (r->offset < 0)
        first = 0;
    else if ((uint64_t)r->offset < length)
        first = (size_t)r->offset;
    count = length - first;
    if (r->limit >= 0 && (uint64_t)r->limit < count)
        count = (size_t)r->limit;
    if (is_sorted || is_set) {
        sort_load(&s, e, 0, length, false);
    } else {
        sort_load(&s, e, first, count, r->is_descending);
        first = 0;
    }
    finish(c, r, &s, is_sorted, first, count);
    sort_free(&s);
}

/* Executes SORT and SORT_RO. */
static void sort(struct client *c, bool may_store)
{
    struct request r = {.may_store = may_store, .limit = -1};
    struct entry *e;
    bool is_valid = true;
    r.gets = zmalloc((size_t)c->argc * sizeof *r.gets);
    for (int i = 2; i < c->argc && is_valid; i++)
        is_valid = option_or_reply(c, &r, &i);
    if (is_valid && source_or_reply(c, &e))
        execute(c, &r, e);
    zfree(r.gets);
}

static void sort_command(struct client *c)
{
    sort(c, true);
}

static void sort_ro_command(struct client *c)
{
    sort(c, false);
}

const struct command more_sort_commands[] = {
    {.name = "sort",
     .arity = -2,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = sort_command},
    {.name = "sort_ro", .arity = -2, .handler = sort_ro_command},
    {.name = NULL},
};
