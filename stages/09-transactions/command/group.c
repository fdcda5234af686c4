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
    struct slice option = SLICE("ENTRIESREAD");
    struct slice read = integer_text(text[1], g->entries_read);
    const struct slice argv[] = {
        SLICE("XGROUP"), SLICE("SETID"), key, g->name, last, option, read};
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

/* Parses [MKSTREAM] [ENTRIESREAD n] of XGROUP CREATE, or of SETID, which has no
 * MKSTREAM: NULL. */
static bool group_options_or_reply(struct client *c, bool *mkstream,
                                   int64_t *entries_read)
{
    for (int i = 5; i < c->argc; i++) {
        if (mkstream && slice_is(c->argv[i], "mkstream"))
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

/* Looks up the stream of argument 2, for XGROUP. Replies with an error and
 * returns false if there is none. */
static bool xgroup_stream_or_reply(struct client *c, struct entry **e)
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

struct group *xgroup_group_or_reply(struct client *c, struct entry **e)
{
    struct slice key = c->argv[2], name = c->argv[3];
    struct group *g = NULL;
    if (xgroup_stream_or_reply(c, e) &&
        !(g = group_find(&entry_stream(*e)->groups, name)))
        reply_errorf(c,
                     "NOGROUP No such consumer group '%.*s' for key name "
                     "'%.*s'",
                     slice_precision(name), name.ptr, slice_precision(key),
                     key.ptr);
    return g;
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
    if (!group_options_or_reply(c, &mkstream, &entries_read) ||
        !(mkstream ? write_typed_or_reply(c, key, TYPE_STREAM, &e)
                   : xgroup_stream_or_reply(c, &e)) ||
        (c->argc > 8 && !refuse_subcommand(c)))
        return;
    struct stream_id id = e ? entry_stream(e)->last_id : stream_id_min;
    if (!slice_equal(c->argv[4], SLICE("$")) &&
        !id_or_reply(c, c->argv[4], &id))
        return;
    if (e && group_find(&entry_stream(e)->groups, name) &&
        !refuse(c, "BUSYGROUP Consumer Group name already exists"))
        return;
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

void xpending_command(struct client *c)
{
    const struct group *g = group_or_reply(c, c->argv[1], c->argv[2], "");
    if (!g)
        return;
    const struct pending *p =
        tree_seek(&g->pending, &stream_id_min, TREE_AT_LEAST);
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
    const struct consumer *consumer =
        tree_seek(&g->consumers, &SLICE(""), TREE_AT_LEAST);
    size_t count = 0;
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

/* XGROUP SETID key group id | $ [ENTRIESREAD n]. The ID may be - or +, too. */
static void xgroup_setid_command(struct client *c)
{
    int64_t entries_read = ENTRIES_READ_UNKNOWN;
    struct entry *e;
    struct group *g;
    if (!group_options_or_reply(c, NULL, &entries_read) ||
        !(g = xgroup_group_or_reply(c, &e)) ||
        (c->argc > 7 && !refuse_subcommand(c)))
        return;
    struct slice place = c->argv[4];
    struct stream_id id = entry_stream(e)->last_id, end;
    if (!slice_equal(place, SLICE("$")) &&
        !(place.len == 1 ? range_ids_or_reply(c, place, place, &id, &end)
                         : id_or_reply(c, place, &id)))
        return;
    g->last_id = id;
    g->entries_read = entries_read;
    key_changed(c->db, c->argv[2], "xgroup-setid");
    reply_ok(c);
}

/* XGROUP CREATECONSUMER key group consumer */
static void xgroup_createconsumer_command(struct client *c)
{
    struct entry *e;
    struct group *g = xgroup_group_or_reply(c, &e);
    if (!g)
        return;
    bool exists = tree_seek(&g->consumers, &c->argv[4], TREE_EQUAL);
    if (!exists)
        consumer_open(c, c->argv[2], g, c->argv[4], true);
    reply_integer(c, !exists);
}

/* XCLAIM key group consumer 0 id TIME ms RETRYCOUNT n FORCE JUSTID LASTID id:
 * the form of propagate_claim. The entry is pending afterwards. */
static void xclaim_command(struct client *c)
{
    struct slice key = c->argv[1], *option = c->argv + 6;
    struct stream_id id, last_id;
    int64_t delivered_ms, deliveries;
    struct group *g = group_or_reply(c, key, c->argv[2], "");
    bool is_ours =
        slice_is(c->argv[4], "0") && slice_is(option[0], "time") &&
        slice_is(option[2], "retrycount") && slice_is(option[4], "force") &&
        slice_is(option[5], "justid") && slice_is(option[6], "lastid");
    if (!g || (!is_ours && !refuse(c, ERR_SYNTAX)) ||
        !id_or_reply(c, c->argv[5], &id) ||
        !integer_or_reply(c, option[1], &delivered_ms) ||
        !integer_or_reply(c, option[3], &deliveries) ||
        !id_or_reply(c, option[7], &last_id))
        return;
    if (stream_id_compare(&last_id, &g->last_id) > 0)
        g->last_id = last_id;
    struct consumer *consumer = consumer_open(c, key, g, c->argv[3], false);
    struct pending *p = group_deliver(g, consumer, id, delivered_ms);
    p->deliveries = deliveries;
    propagate_claim(c, key, g, p);
    reply_array(c, 1);
    reply_id(c, id);
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
    {.name = "xpending", .arity = 3, .handler = xpending_command},
    {.name = "xgroup|setid",
     .arity = -5,
     .flags = CMD_WRITE,
     .handler = xgroup_setid_command},
    {.name = "xgroup|createconsumer",
     .arity = 5,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = xgroup_createconsumer_command},
    {.name = "xclaim",
     .arity = 14,
     .flags = CMD_WRITE,
     .handler = xclaim_command},
    {.name = NULL},
};
