/* list: commands for values that are lists.
 *
 * An index counts from 0 at the head, or from -1 at the tail. A range has two
 * of them, both included; what lies outside of the list is cut off. */
#include "command/list.h"

#include "command/args.h"
#include "command/call.h"
#include "command/command.h"
#include "command/families.h"
#include "command/lookup.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

void list_changed(struct client *c, struct slice key, struct list *l,
                  const char *event)
{
    key_changed(c->db, key, event);
    if (l->length > 0)
        return;
    db_delete(c->db, key);
    key_changed(c->db, key, "del");
}

void push_arguments(struct client *c, struct entry *e, enum list_end end,
                    int first)
{
    struct slice key = c->argv[1];
    if (!e) {
        e = list_create(key);
        db_add(c->db, e);
    }
    struct list *l = entry_list(e);
    for (int i = first; i < c->argc; i++)
        list_push(l, end, c->argv[i]);
    list_changed(c, key, l, end == LIST_HEAD ? "lpush" : "rpush");
    reply_integer(c, (int64_t)l->length);
}

/* LPUSH key element [element ...]: the last element becomes the first of the
 * list. */
static void lpush_command(struct client *c)
{
    struct entry *e;
    if (write_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        push_arguments(c, e, LIST_HEAD, 2);
}

/* RPUSH key element [element ...] */
static void rpush_command(struct client *c)
{
    struct entry *e;
    if (write_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        push_arguments(c, e, LIST_TAIL, 2);
}

/* LLEN key */
static void llen_command(struct client *c)
{
    struct entry *e;
    if (read_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        reply_integer(c, e ? (int64_t)entry_list(e)->length : 0);
}

void pop_and_reply(struct client *c, struct slice key, struct list *l,
                   enum list_end end, size_t count)
{
    struct list_place place =
        list_seek(l, end == LIST_HEAD ? 0 : l->length - 1);
    for (size_t i = 0; i < count; i++) {
        char scratch[INT64_TEXT_MAX];
        reply_bulk(c, list_value(place, scratch));
        place = end == LIST_HEAD ? list_next(place) : list_previous(place);
    }
    list_remove(l, end == LIST_HEAD ? 0 : l->length - count, count);
    list_changed(c, key, l, end == LIST_HEAD ? "lpop" : "rpop");
}

/* Executes LPOP and RPOP. Without a count the reply is the element itself. */
static void pop(struct client *c, enum list_end end)
{
    struct entry *e;
    int64_t count = 1;
    bool has_count = c->argc == 3;
    if (c->argc > 3) {
        reply_errorf(c, "ERR wrong number of arguments for '%s' command",
                     c->command->name);
        return;
    }
    if (has_count && (!parse_int64(c->argv[2], &count) || count < 0)) {
        reply_error(c, "ERR value is out of range, must be positive");
        return;
    }
    if (!write_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    if (!e && has_count) {
        reply_null_array(c);
    } else if (!e) {
        reply_null(c);
    } else {
        struct list *l = entry_list(e);
        size_t wanted = (uint64_t)count < l->length ? (size_t)count : l->length;
        if (has_count)
            reply_array(c, wanted);
        if (wanted > 0)
            pop_and_reply(c, c->argv[1], l, end, wanted);
    }
}

/* LPOP key [count] */
static void lpop_command(struct client *c)
{
    pop(c, LIST_HEAD);
}

/* RPOP key [count] */
static void rpop_command(struct client *c)
{
    pop(c, LIST_TAIL);
}

/* Parses the two indexes of a range. Replies with an error and returns false if
 * one is not an integer. */
static bool indexes_or_reply(struct client *c, int64_t *start, int64_t *stop)
{
    return integer_or_reply(c, c->argv[2], start) &&
           integer_or_reply(c, c->argv[3], stop);
}

/* Cuts a range to a list of that length, and returns how many elements are in
 * it. *start is the index of the first then, if there are any. */
static size_t range_count(size_t length, int64_t *start, int64_t stop)
{
    int64_t end = (int64_t)length;
    if (*start < 0)
        *start = *start < -end ? 0 : *start + end;
    stop = stop < 0 ? stop + end : stop < end ? stop : end - 1;
    return *start > stop ? 0 : (size_t)(stop - *start + 1);
}

/* LRANGE key start stop */
static void lrange_command(struct client *c)
{
    struct entry *e;
    int64_t start, stop;
    if (!indexes_or_reply(c, &start, &stop) ||
        !read_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    size_t count = e ? range_count(entry_list(e)->length, &start, stop) : 0;
    reply_array(c, count);
    if (count == 0)
        return;
    struct list_place place = list_seek(entry_list(e), (size_t)start);
    for (; count > 0; count--) {
        char scratch[INT64_TEXT_MAX];
        reply_bulk(c, list_value(place, scratch));
        place = list_next(place);
    }
}

/* LINDEX key index */
static void lindex_command(struct client *c)
{
    struct entry *e;
    int64_t index;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    if (!e) {
        reply_null(c);
        return;
    }
    if (!integer_or_reply(c, c->argv[2], &index))
        return;
    const struct list *l = entry_list(e);
    if (index < 0)
        index += (int64_t)l->length;
    if (index < 0 || (uint64_t)index >= l->length) {
        reply_null(c);
        return;
    }
    char scratch[INT64_TEXT_MAX];
    reply_bulk(c, list_value(list_seek(l, (size_t)index), scratch));
}

/* LTRIM key start stop: keeps the range and removes all else, the end first,
 * because its indexes change when the start is removed. It reports a change
 * even if it removes nothing, as in Redis, but then nothing is propagated. */
static void ltrim_command(struct client *c)
{
    struct entry *e;
    int64_t start, stop;
    if (!indexes_or_reply(c, &start, &stop) ||
        !write_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    if (e) {
        struct list *l = entry_list(e);
        size_t before = l->length;
        size_t kept = range_count(before, &start, stop);
        if (kept == 0)
            start = 0;
        size_t end = (size_t)start + kept;
        list_remove(l, end, before - end);
        list_remove(l, 0, (size_t)start);
        bool is_shorter = l->length < before;
        list_changed(c, c->argv[1], l, "ltrim");
        if (!is_shorter)
            propagate_as(c, 0, NULL);
    }
    reply_ok(c);
}

const struct command list_commands[] = {
    {.name = "lpush",
     .arity = -3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = lpush_command},
    {.name = "rpush",
     .arity = -3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = rpush_command},
    {.name = "llen", .arity = 2, .handler = llen_command},
    {.name = "lrange", .arity = 4, .handler = lrange_command},
    {.name = "lpop", .arity = -2, .flags = CMD_WRITE, .handler = lpop_command},
    {.name = "rpop", .arity = -2, .flags = CMD_WRITE, .handler = rpop_command},
    {.name = "lindex", .arity = 3, .handler = lindex_command},
    {.name = "ltrim", .arity = 4, .flags = CMD_WRITE, .handler = ltrim_command},
    {.name = NULL},
};
