/* stream_info: adds XINFO, which shows a stream, its groups and their
 * consumers. */
#include "command/args.h"
#include "command/lookup.h"
#include "command/stream.h"
#include "common/clock.h"
#include "more/07-streams/command/families.h"
#include "more/07-streams/store/radix.h"
#include "net/client.h"
#include "net/reply.h"

enum { FULL_COUNT = 10 }; /* of entries that FULL shows, without COUNT */

/* Replies with a value under its name. */
static void reply_named(struct client *c, const char *name, int64_t value)
{
    reply_bulk_text(c, name);
    reply_integer(c, value);
}

static void reply_named_id(struct client *c, const char *name,
                           struct stream_id id)
{
    reply_bulk_text(c, name);
    reply_id(c, id);
}

/* Looks up the stream of argument 2. Replies with an error and returns NULL if
 * it is missing. */
static const struct stream *stream_or_reply(struct client *c)
{
    struct entry *e;
    if (!read_typed_or_reply(c, c->argv[2], TYPE_STREAM, &e))
        return NULL;
    if (!e)
        reply_error(c, "ERR no such key");
    return e ? entry_stream(e) : NULL;
}

/* Replies with how many entries a group has read, and how many it has not: null
 * where that is not known. */
static void reply_lag(struct client *c, const struct stream *s,
                      const struct group *g)
{
    int64_t read = g->entries_read;
    reply_bulk_text(c, "entries-read");
    if (read == ENTRIES_READ_UNKNOWN)
        reply_null(c);
    else
        reply_integer(c, read);
    bool has_holes =
        s->length > 0 &&
        stream_id_compare(&s->max_deleted_id, &stream_id_min) != 0 &&
        stream_id_compare(&s->first_id, &s->max_deleted_id) <= 0 &&
        stream_id_compare(&g->last_id, &s->max_deleted_id) <= 0;
    if (read == ENTRIES_READ_UNKNOWN || has_holes)
        read = stream_number_of(s, g->last_id);
    reply_bulk_text(c, "lag");
    if (s->entries_added == 0)
        reply_integer(c, 0);
    else if (read == ENTRIES_READ_UNKNOWN)
        reply_null(c);
    else
        reply_integer(c, (int64_t)s->entries_added - read);
}

/* Replies with the first or the last entry, or null. */
static void reply_edge(struct client *c, const char *name,
                       const struct stream *s, bool is_last)
{
    struct stream_iterator it;
    reply_bulk_text(c, name);
    stream_iterate(&it, s, stream_id_min, stream_id_max, is_last);
    if (stream_next(&it))
        reply_entry(c, &it);
    else
        reply_null(c);
}

/* Replies with the first `count` entries, 0: all. */
static void reply_entries(struct client *c, const struct stream *s,
                          int64_t count)
{
    struct stream_iterator it;
    int64_t replied = 0;
    struct output_block *begun = reply_begin(c);
    stream_iterate(&it, s, stream_id_min, stream_id_max, false);
    for (; (count == 0 || replied < count) && stream_next(&it); replied++)
        reply_entry(c, &it);
    reply_end_aggregate(c, begun, REPLY_ARRAY, (size_t)replied);
}

/* Replies with the first `count` pending entries, 0: all, with the consumers'
 * names or without. */
static void reply_pending(struct client *c, const struct tree *pending,
                          int64_t count, bool has_consumer)
{
    const struct pending *p = tree_seek(pending, &stream_id_min, TREE_AT_LEAST);
    int64_t replied = 0;
    reply_bulk_text(c, "pending");
    struct output_block *begun = reply_begin(c);
    for (; p && (count == 0 || replied < count); replied++) {
        reply_array(c, has_consumer ? 4 : 3);
        reply_id(c, p->id);
        if (has_consumer)
            reply_bulk(c, p->consumer->name);
        reply_integer(c, p->delivered_ms);
        reply_integer(c, p->deliveries);
        p = tree_seek(pending, p, TREE_MORE);
    }
    reply_end_aggregate(c, begun, REPLY_ARRAY, (size_t)replied);
}

/* Replies with all of a group. */
static void reply_full_group(struct client *c, const struct stream *s,
                             const struct group *g, int64_t count)
{
    reply_map(c, 7);
    reply_bulk_text(c, "name");
    reply_bulk(c, g->name);
    reply_named_id(c, "last-delivered-id", g->last_id);
    reply_lag(c, s, g);
    reply_named(c, "pel-count", (int64_t)g->pending.count);
    reply_pending(c, &g->pending, count, true);
    reply_bulk_text(c, "consumers");
    reply_array(c, g->consumers.count);
    const struct consumer *consumer =
        tree_seek(&g->consumers, &SLICE(""), TREE_AT_LEAST);
    for (; consumer; consumer = tree_seek(&g->consumers, consumer, TREE_MORE)) {
        reply_map(c, 4);
        reply_bulk_text(c, "name");
        reply_bulk(c, consumer->name);
        reply_named(c, "seen-time", consumer->seen_ms);
        reply_named(c, "pel-count", (int64_t)consumer->pending.count);
        reply_pending(c, &consumer->pending, count, false);
    }
}

/* Parses [FULL [COUNT count]]. *count is -1 without FULL. */
static bool full_or_reply(struct client *c, int64_t *count)
{
    *count = c->argc == 3 ? -1 : FULL_COUNT;
    bool is_valid = c->argc == 3 || c->argc == 4 || c->argc == 6;
    if (!is_valid || (c->argc > 3 && !slice_is(c->argv[3], "full")) ||
        (c->argc > 4 && !slice_is(c->argv[4], "count"))) {
        reply_wrong_subcommand(c);
        return false;
    }
    if (c->argc > 4 && !integer_or_reply(c, c->argv[5], count))
        return false;
    if (c->argc > 4 && *count < 0)
        *count = FULL_COUNT;
    return true;
}

/* XINFO STREAM key [FULL [COUNT count]] */
static void xinfo_stream_command(struct client *c)
{
    int64_t count;
    const struct stream *s = stream_or_reply(c);
    if (!s || !full_or_reply(c, &count))
        return;
    bool is_full = count >= 0;
    reply_map(c, is_full ? 9 : 10);
    reply_named(c, "length", (int64_t)s->length);
    reply_named(c, "radix-tree-keys", (int64_t)s->nodes.count);
    reply_named(c, "radix-tree-nodes", (int64_t)radix_nodes(&s->nodes));
    reply_named_id(c, "last-generated-id", s->last_id);
    reply_named_id(c, "max-deleted-entry-id", s->max_deleted_id);
    reply_named(c, "entries-added", (int64_t)s->entries_added);
    reply_named_id(c, "recorded-first-entry-id", s->first_id);
    if (!is_full) {
        reply_named(c, "groups", (int64_t)s->groups.count);
        reply_edge(c, "first-entry", s, false);
        reply_edge(c, "last-entry", s, true);
        return;
    }
    reply_bulk_text(c, "entries");
    reply_entries(c, s, count);
    reply_bulk_text(c, "groups");
    reply_array(c, s->groups.count);
    const struct group *g = tree_seek(&s->groups, &SLICE(""), TREE_AT_LEAST);
    for (; g; g = tree_seek(&s->groups, g, TREE_MORE))
        reply_full_group(c, s, g, count);
}

/* XINFO GROUPS key */
static void xinfo_groups_command(struct client *c)
{
    const struct stream *s = stream_or_reply(c);
    if (!s)
        return;
    reply_array(c, s->groups.count);
    const struct group *g = tree_seek(&s->groups, &SLICE(""), TREE_AT_LEAST);
    for (; g; g = tree_seek(&s->groups, g, TREE_MORE)) {
        reply_map(c, 6);
        reply_bulk_text(c, "name");
        reply_bulk(c, g->name);
        reply_named(c, "consumers", (int64_t)g->consumers.count);
        reply_named(c, "pending", (int64_t)g->pending.count);
        reply_named_id(c, "last-delivered-id", g->last_id);
        reply_lag(c, s, g);
    }
}

/* XINFO CONSUMERS key group */
static void xinfo_consumers_command(struct client *c)
{
    struct slice key = c->argv[2], name = c->argv[3];
    const struct stream *s = stream_or_reply(c);
    if (!s)
        return;
    const struct group *g = group_find(&s->groups, name);
    if (!g) {
        reply_errorf(c,
                     "NOGROUP No such consumer group '%.*s' for key name "
                     "'%.*s'",
                     slice_precision(name), name.ptr, slice_precision(key),
                     key.ptr);
        return;
    }
    reply_array(c, g->consumers.count);
    const struct consumer *consumer =
        tree_seek(&g->consumers, &SLICE(""), TREE_AT_LEAST);
    for (; consumer; consumer = tree_seek(&g->consumers, consumer, TREE_MORE)) {
        int64_t idle_ms = clock_ticked_ms() - consumer->seen_ms;
        reply_map(c, 3);
        reply_bulk_text(c, "name");
        reply_bulk(c, consumer->name);
        reply_named(c, "pending", (int64_t)consumer->pending.count);
        reply_named(c, "idle", idle_ms < 0 ? 0 : idle_ms);
    }
}

const struct command more_stream_info_commands[] = {
    {.name = "xinfo", .arity = -2},
    {.name = "xinfo|stream", .arity = -3, .handler = xinfo_stream_command},
    {.name = "xinfo|groups", .arity = 3, .handler = xinfo_groups_command},
    {.name = "xinfo|consumers", .arity = 4, .handler = xinfo_consumers_command},
    {.name = "xinfo|help", .arity = 2, .handler = reply_help},
    {.name = NULL},
};
