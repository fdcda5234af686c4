/* group: commands for consumer groups. */
#include "command/stream.h"

#include "command/args.h"
#include "command/call.h"
#include "command/command.h"
#include "command/errors.h"
#include "command/families.h"
#include "command/lookup.h"
#include "common/clock.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

struct consumer *consumer_open(struct client *c, struct slice key,
                               struct group *g, struct slice name,
                               bool is_propagated)
{
    const struct slice argv[] = {SLICE("XGROUP"), SLICE("CREATECONSUMER"), key,
                                 g->name, name};
    struct consumer *consumer = tree_seek(&g->consumers, &name, TREE_EQUAL);
    bool is_new = !consumer;
    if (is_new)
        consumer = consumer_create(g, name);
    consumer->seen_ms = clock_ticked_ms();
    key_changed(c->db, key, is_new ? "xgroup-createconsumer" : NULL);
    propagate_as(c, is_new && is_propagated ? 5 : 0, argv);
    return consumer;
}

/* Writes an integer as an argument. */
static struct slice integer_text(char out[INT64_TEXT_MAX], int64_t value)
{
    return (struct slice){out, format_int64(out, value)};
}

void propagate_claim(struct client *c, struct slice key, const struct group *g,
                     const struct pending *p)
{
    char text[4][STREAM_ID_TEXT_MAX];
    struct slice id = stream_id_format(text[0], p->id);
    struct slice time = integer_text(text[1], p->delivered_ms);
    struct slice times = integer_text(text[2], p->deliveries);
    struct slice last = stream_id_format(text[3], g->last_id);
    const struct slice argv[] = {
        SLICE("XCLAIM"),     key,   g->name,        p->consumer->name,
        SLICE("0"),          id,    SLICE("TIME"),  time,
        SLICE("RETRYCOUNT"), times, SLICE("FORCE"), SLICE("JUSTID"),
        SLICE("LASTID"),     last};
    propagate_as(c, 14, argv);
}

void propagate_group(struct client *c, struct slice key, const struct group *g)
{
    char text[2][STREAM_ID_TEXT_MAX];
    struct slice last = stream_id_format(text[0], g->last_id);
    struct slice read = integer_text(text[1], g->entries_read);
    const struct slice argv[] = {SLICE("XGROUP"),
                                 SLICE("SETID"),
                                 key,
                                 g->name,
                                 last,
                                 SLICE("ENTRIESREAD"),
                                 read};
    propagate_as(c, 7, argv);
}

/* Replies with an error and returns false: XGROUP does not take that. */
static bool refuse_subcommand(struct client *c)
{
    reply_errorf(c,
                 "ERR unknown subcommand or wrong number of arguments for "
                 "'%.*s'. Try XGROUP HELP.",
                 slice_precision(c->argv[1]), c->argv[1].ptr);
    return false;
}

/* Parses [MKSTREAM] [ENTRIESREAD n] of XGROUP CREATE. */
static bool create_options_or_reply(struct client *c, bool *mkstream,
                                    int64_t *entries_read)
{
    for (int i = 5; i < c->argc; i++) {
        if (slice_is(c->argv[i], "mkstream"))
            *mkstream = true;
        else if (!slice_is(c->argv[i], "entriesread") || i + 1 == c->argc)
            return refuse_subcommand(c);
        else if (!range_or_reply(c, c->argv[++i], ENTRIES_READ_UNKNOWN,
                                 INT64_MAX, entries_read,
                                 "ERR value for ENTRIESREAD must be positive "
                                 "or -1"))
            return false;
    }
    return true;
}

bool xgroup_stream_or_reply(struct client *c, struct entry **e)
{
    if (!write_typed_or_reply(c, c->argv[2], TYPE_STREAM, e))
        return false;
    if (!*e)
        reply_error(c,
                    "ERR The XGROUP subcommand requires the key to exist. Note "
                    "that for CREATE you may want to use the MKSTREAM option "
                    "to create an empty stream automatically.");
    return *e;
}

struct group *group_or_reply(struct client *c, struct slice key,
                             struct slice name, const char *where)
{
    struct entry *e;
    if (!read_typed_or_reply(c, key, TYPE_STREAM, &e))
        return NULL;
    struct group *g = e ? group_find(&entry_stream(e)->groups, name) : NULL;
    if (!g)
        reply_errorf(c, "NOGROUP No such key '%.*s' or consumer group '%.*s'%s",
                     slice_precision(key), key.ptr, slice_precision(name),
                     name.ptr, where);
    return g;
}

/* XGROUP CREATE key group id | $ [MKSTREAM] [ENTRIESREAD n] */
static void xgroup_create_command(struct client *c)
{
    struct slice key = c->argv[2], name = c->argv[3];
    int64_t entries_read = ENTRIES_READ_UNKNOWN;
    bool mkstream = false;
    struct entry *e;
    if (!create_options_or_reply(c, &mkstream, &entries_read) ||
        !(mkstream ? write_typed_or_reply(c, key, TYPE_STREAM, &e)
                   : xgroup_stream_or_reply(c, &e)) ||
        (c->argc > 8 && !refuse_subcommand(c)))
        return;
    struct stream_id id = e ? entry_stream(e)->last_id : stream_id_min;
    if (!slice_equal(c->argv[4], SLICE("$")) &&
        !id_or_reply(c, c->argv[4], &id))
        return;
    if (e && group_find(&entry_stream(e)->groups, name)) {
        reply_error(c, "BUSYGROUP Consumer Group name already exists");
        return;
    }
    if (!e) {
        e = stream_create(key);
        db_add(c->db, e);
    }
    struct group *g = group_create(&entry_stream(e)->groups, name);
    g->last_id = id;
    g->entries_read = entries_read;
    key_changed(c->db, key, "xgroup-create");
    reply_ok(c);
}

/* XGROUP DESTROY key group */
static void xgroup_destroy_command(struct client *c)
{
    struct entry *e;
    if (!xgroup_stream_or_reply(c, &e))
        return;
    struct tree *groups = &entry_stream(e)->groups;
    struct group *g = group_find(groups, c->argv[3]);
    if (g) {
        group_destroy(groups, g);
        key_changed(c->db, c->argv[2], "xgroup-destroy");
    }
    reply_integer(c, g != NULL);
}

/* XACK key group id [id ...] */
static void xack_command(struct client *c)
{
    struct entry *e;
    struct stream_id id;
    int64_t acknowledged = 0;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_STREAM, &e))
        return;
    struct group *g =
        e ? group_find(&entry_stream(e)->groups, c->argv[2]) : NULL;
    if (g && !ids_or_reply(c, 3))
        return;
    for (int i = 3; g && i < c->argc; i++) {
        stream_id_parse(c->argv[i], &id);
        acknowledged += group_acknowledge(g, id);
    }
    if (acknowledged > 0)
        key_changed(c->db, c->argv[1], NULL);
    reply_integer(c, acknowledged);
}

/* Which pending entries XPENDING lists. */
struct pending_args {
    struct stream_id start, end;
    int64_t count;
    int64_t idle_ms; /* those that were delivered so long ago */
    struct slice consumer; /* ptr is NULL: of all */
};

/* Parses [IDLE ms] start end count [consumer] of XPENDING. */
static bool pending_args_or_reply(struct client *c, struct pending_args *args)
{
    int i = slice_is(c->argv[3], "idle") ? 5 : 3;
    if (i == 5 && !integer_or_reply(c, c->argv[4], &args->idle_ms))
        return false;
    if (i + 3 > c->argc)
        return refuse(c, ERR_SYNTAX);
    if (i + 3 < c->argc)
        args->consumer = c->argv[i + 3];
    return integer_or_reply(c, c->argv[i + 2], &args->count) &&
           range_ids_or_reply(c, c->argv[i], c->argv[i + 1], &args->start,
                              &args->end);
}

/* Replies with the number of pending entries, the first and the last ID, and
 * how many each consumer has. */
static void reply_pending_summary(struct client *c, const struct group *g)
{
    const struct consumer *consumer;
    const struct pending *p =
        tree_seek(&g->pending, &stream_id_min, TREE_AT_LEAST);
    size_t count = 0;
    reply_array(c, 4);
    reply_integer(c, (int64_t)g->pending.count);
    if (!p) {
        reply_null(c);
        reply_null(c);
        reply_null_array(c);
        return;
    }
    reply_id(c, p->id);
    p = tree_seek(&g->pending, &stream_id_max, TREE_AT_MOST);
    reply_id(c, p->id);
    struct output_block *begun = reply_begin(c);
    consumer = tree_seek(&g->consumers, &SLICE(""), TREE_AT_LEAST);
    for (; consumer; consumer = tree_seek(&g->consumers, consumer, TREE_MORE)) {
        char text[INT64_TEXT_MAX];
        if (consumer->pending.count == 0)
            continue;
        reply_array(c, 2);
        reply_bulk(c, consumer->name);
        reply_bulk(c, integer_text(text, (int64_t)consumer->pending.count));
        count++;
    }
    reply_end_aggregate(c, begun, REPLY_ARRAY, count);
}

/* Replies with pending entries: of each the ID, the consumer, how long ago it
 * was delivered, and how often. */
static void reply_pending(struct client *c, const struct tree *pending,
                          const struct pending_args *args)
{
    const struct pending *p = tree_seek(pending, &args->start, TREE_AT_LEAST);
    int64_t count = 0;
    struct output_block *begun = reply_begin(c);
    for (; p && count < args->count; p = tree_seek(pending, p, TREE_MORE)) {
        int64_t idle_ms = clock_ticked_ms() - p->delivered_ms;
        if (stream_id_compare(&p->id, &args->end) > 0)
            break;
        if (args->idle_ms != 0 && idle_ms < args->idle_ms)
            continue;
        reply_array(c, 4);
        reply_id(c, p->id);
        reply_bulk(c, p->consumer->name);
        reply_integer(c, idle_ms < 0 ? 0 : idle_ms);
        reply_integer(c, p->deliveries);
        count++;
    }
    reply_end_aggregate(c, begun, REPLY_ARRAY, (size_t)count);
}

/* XPENDING key group [[IDLE ms] start end count [consumer]] */
static void xpending_command(struct client *c)
{
    struct pending_args args = {.count = 0};
    if (c->argc != 3 && (c->argc < 6 || c->argc > 9)) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    if (c->argc > 3 && !pending_args_or_reply(c, &args))
        return;
    const struct group *g = group_or_reply(c, c->argv[1], c->argv[2], "");
    if (!g)
        return;
    const struct consumer *consumer = NULL;
    if (args.consumer.ptr)
        consumer = tree_seek(&g->consumers, &args.consumer, TREE_EQUAL);
    if (c->argc == 3)
        reply_pending_summary(c, g);
    else if (args.consumer.ptr && !consumer)
        reply_array(c, 0);
    else
        reply_pending(c, consumer ? &consumer->pending : &g->pending, &args);
}

const struct command group_commands[] = {
    {.name = "xgroup", .arity = -2},
    {.name = "xgroup|create",
     .arity = -5,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = xgroup_create_command},
    {.name = "xgroup|destroy",
     .arity = 4,
     .flags = CMD_WRITE,
     .handler = xgroup_destroy_command},
    {.name = "xack", .arity = -4, .flags = CMD_WRITE, .handler = xack_command},
    {.name = "xpending", .arity = -3, .handler = xpending_command},
    {.name = NULL},
};
