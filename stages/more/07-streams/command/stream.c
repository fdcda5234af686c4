/* stream: adds XSETID, and XGROUP DELCONSUMER and HELP. */
#include "command/stream.h"

#include "command/args.h"
#include "command/errors.h"
#include "command/lookup.h"
#include "more/07-streams/command/families.h"
#include "more/07-streams/store/group_edit.h"
#include "net/client.h"
#include "net/reply.h"

/* What XSETID sets. */
struct setid_args {
    struct stream_id id, max_deleted_id; /* 0-0: stays */
    int64_t entries_added; /* -1: stays */
};

/* Parses id [ENTRIESADDED n] [MAXDELETEDID id] of XSETID. */
static bool setid_args_or_reply(struct client *c, struct setid_args *args)
{
    *args = (struct setid_args){.entries_added = -1};
    if (!id_or_reply(c, c->argv[2], &args->id))
        return false;
    for (int i = 3; i < c->argc; i += 2) {
        bool has_value = i + 1 < c->argc;
        if (has_value && slice_is(c->argv[i], "entriesadded")) {
            if (!range_or_reply(c, c->argv[i + 1], 0, INT64_MAX,
                                &args->entries_added,
                                "ERR entries_added must be positive"))
                return false;
        } else if (has_value && slice_is(c->argv[i], "maxdeletedid")) {
            if (!id_or_reply(c, c->argv[i + 1], &args->max_deleted_id))
                return false;
            if (stream_id_compare(&args->id, &args->max_deleted_id) < 0)
                return refuse(c, "ERR The ID specified in XSETID is smaller "
                                 "than the provided max_deleted_entry_id");
        } else {
            return refuse(c, ERR_SYNTAX);
        }
    }
    return true;
}

/* Checks that a stream may have that last ID and that number of entries. */
static bool setid_or_reply(struct client *c, const struct stream *s,
                           const struct setid_args *args)
{
    struct stream_iterator last;
    stream_iterate(&last, s, stream_id_min, stream_id_max, true);
    if (!stream_next(&last))
        return true;
    if (stream_id_compare(&args->id, &last.id) < 0)
        return refuse(c, "ERR The ID specified in XSETID is smaller than the "
                         "target stream top item");
    if (args->entries_added != -1 && s->length > (uint64_t)args->entries_added)
        return refuse(c, "ERR The entries_added specified in XSETID is smaller "
                         "than the target stream length");
    return true;
}

/* XSETID key id [ENTRIESADDED n] [MAXDELETEDID id]: for copies of the data,
 * which must not use an ID again either. */
static void xsetid_command(struct client *c)
{
    struct setid_args args;
    struct entry *e;
    if (!setid_args_or_reply(c, &args) ||
        !write_typed_or_reply(c, c->argv[1], TYPE_STREAM, &e))
        return;
    if (!e) {
        reply_error(c, "ERR no such key");
        return;
    }
    struct stream *s = entry_stream(e);
    if (!setid_or_reply(c, s, &args))
        return;
    s->last_id = args.id;
    if (args.entries_added != -1)
        s->entries_added = (uint64_t)args.entries_added;
    if (stream_id_compare(&args.max_deleted_id, &stream_id_min) != 0)
        s->max_deleted_id = args.max_deleted_id;
    key_changed(c->db, c->argv[1], "xsetid");
    reply_ok(c);
}

/* XGROUP DELCONSUMER key group consumer: what it has is not pending any more.
 */
static void xgroup_delconsumer_command(struct client *c)
{
    struct entry *e;
    struct group *g = xgroup_group_or_reply(c, &e);
    if (!g)
        return;
    struct consumer *consumer =
        tree_seek(&g->consumers, &c->argv[4], TREE_EQUAL);
    size_t pending = consumer ? consumer->pending.count : 0;
    if (consumer) {
        consumer_delete(g, consumer);
        key_changed(c->db, c->argv[2], "xgroup-delconsumer");
    }
    reply_integer(c, (int64_t)pending);
}

const struct command more_stream_commands[] = {
    {.name = "xsetid",
     .arity = -3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = xsetid_command},
    {.name = "xgroup|delconsumer",
     .arity = 5,
     .flags = CMD_WRITE,
     .handler = xgroup_delconsumer_command},
    {.name = "xgroup|help", .arity = 2, .handler = reply_help},
    {.name = NULL},
};
