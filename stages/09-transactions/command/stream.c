/* stream: commands for values that are streams, without groups. */
#include "command/stream.h"

#include "command/args.h"
#include "command/call.h"
#include "command/errors.h"
#include "command/families.h"
#include "command/lookup.h"
#include "common/clock.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/settings.h"

/* A trim that is approximate has a limit, so that it never takes long: a
 * hundred nodes, unless the client says otherwise. */
enum { LIMIT_NODES = 100, LIMIT_DEFAULT = 10000, LIMIT_MAX = 1000000 };

enum { ENTRY_BYTES_MAX = 1 << 30 }; /* fields and values of an entry */

bool refuse(struct client *c, const char *error)
{
    reply_error(c, error);
    return false;
}

/* Parses an ID. Where seq is missing, it is this one. */
static bool parse_id_or_reply(struct client *c, struct slice arg,
                              uint64_t missing_seq, struct stream_id *id)
{
    enum id_form form = stream_id_parse(arg, id);
    if (form == ID_WITHOUT_SEQ)
        id->seq = missing_seq;
    return form == ID_COMPLETE || form == ID_WITHOUT_SEQ ||
           refuse(c, "ERR Invalid stream ID specified as stream command "
                     "argument");
}

bool id_or_reply(struct client *c, struct slice arg, struct stream_id *id)
{
    return parse_id_or_reply(c, arg, 0, id);
}

bool ids_or_reply(struct client *c, int first)
{
    struct stream_id id;
    while (first < c->argc && id_or_reply(c, c->argv[first], &id))
        first++;
    return first == c->argc;
}

/* Parses an end of a range. *is_exclusive says whether it has a parenthesis. */
static bool end_or_reply(struct client *c, struct slice arg,
                         uint64_t missing_seq, struct stream_id *id,
                         bool *is_exclusive)
{
    bool is_min = slice_equal(arg, SLICE("-"));
    *is_exclusive = arg.len > 1 && arg.ptr[0] == '(';
    if (!is_min && !slice_equal(arg, SLICE("+"))) {
        size_t from = *is_exclusive;
        arg = (struct slice){arg.ptr + from, arg.len - from};
        return parse_id_or_reply(c, arg, missing_seq, id);
    }
    *id = is_min ? stream_id_min : stream_id_max;
    return true;
}

bool range_ids_or_reply(struct client *c, struct slice first, struct slice last,
                        struct stream_id *start, struct stream_id *end)
{
    bool is_exclusive;
    if (!end_or_reply(c, first, 0, start, &is_exclusive))
        return false;
    if (is_exclusive && !stream_id_next(start))
        return refuse(c, "ERR invalid start ID for the interval");
    if (!end_or_reply(c, last, UINT64_MAX, end, &is_exclusive))
        return false;
    if (is_exclusive && !stream_id_previous(end))
        return refuse(c, "ERR invalid end ID for the interval");
    return true;
}

void reply_id(struct client *c, struct stream_id id)
{
    char text[STREAM_ID_TEXT_MAX];
    reply_bulk(c, stream_id_format(text, id));
}

void reply_entry(struct client *c, struct stream_iterator *it)
{
    struct slice name, value;
    char scratch[2][INT64_TEXT_MAX];
    reply_array(c, 2);
    reply_id(c, it->id);
    reply_array(c, 2 * it->left);
    while (it->left > 0) {
        stream_read_pair(it, &name, &value, scratch);
        reply_bulk(c, name);
        reply_bulk(c, value);
    }
}

/* The arguments of XADD before the fields, or all of XTRIM. */
struct stream_args {
    struct stream_trim trim;
    int threshold; /* index of its argument */
    bool has_limit;
    bool no_mkstream; /* a missing key stays missing */
    int id_at; /* index of the ID */
    enum id_form form;
    struct stream_id id;
};

/* Parses MAXLEN or MINID at argument *i, which is not the last one, and moves
 * *i to the threshold. */
static bool threshold_or_reply(struct client *c, int *i,
                               struct stream_args *args)
{
    struct stream_trim *trim = &args->trim;
    bool is_maxlen = slice_is(c->argv[(*i)++], "maxlen");
    struct slice sign = c->argv[*i];
    if (trim->strategy != TRIM_NOTHING)
        return refuse(c,
                      "ERR syntax error, MAXLEN and MINID options at the same "
                      "time are not compatible");
    trim->strategy = is_maxlen ? TRIM_MAXLEN : TRIM_MINID;
    if (*i + 1 < c->argc && sign.len == 1 &&
        (*sign.ptr == '~' || *sign.ptr == '=')) {
        trim->is_approximate = *sign.ptr == '~';
        ++*i;
    }
    args->threshold = *i;
    return is_maxlen
               ? range_or_reply(c, c->argv[*i], 0, INT64_MAX, &trim->maxlen,
                                "ERR The MAXLEN argument must be >= 0.")
               : id_or_reply(c, c->argv[*i], &trim->minid);
}

/* Checks how the options go together, and sets the limit if none is given. */
static bool limit_or_reply(struct client *c, struct stream_args *args)
{
    struct stream_trim *trim = &args->trim;
    if (trim->limit > 0 && trim->strategy == TRIM_NOTHING)
        return refuse(c, "ERR syntax error, LIMIT cannot be used without "
                         "specifying a trimming strategy");
    if (args->id_at == 0 && trim->strategy == TRIM_NOTHING)
        return refuse(c,
                      "ERR syntax error, XTRIM must be called with a trimming "
                      "strategy");
    if (args->has_limit && !trim->is_approximate)
        return refuse(c, "ERR syntax error, LIMIT cannot be used without the "
                         "special ~ option");
    int64_t entries = store_settings.stream_node_entries;
    if (trim->is_approximate && !args->has_limit)
        trim->limit = entries > LIMIT_MAX / LIMIT_NODES ? LIMIT_MAX
                      : entries > 0                     ? entries * LIMIT_NODES
                                                        : LIMIT_DEFAULT;
    return true;
}

/* Parses [NOMKSTREAM] [MAXLEN | MINID [= | ~] threshold [LIMIT count]] from
 * argument 2 on, and the ID of XADD behind it. What is no option is the ID. */
static bool stream_args_or_reply(struct client *c, bool has_id,
                                 struct stream_args *args)
{
    int i = 2;
    for (; i < c->argc; i++) {
        struct slice arg = c->argv[i];
        bool has_more = i + 1 < c->argc;
        if (has_more && (slice_is(arg, "maxlen") || slice_is(arg, "minid"))) {
            if (!threshold_or_reply(c, &i, args))
                return false;
        } else if (has_more && slice_is(arg, "limit")) {
            args->has_limit = true;
            if (!range_or_reply(c, c->argv[++i], 0, INT64_MAX,
                                &args->trim.limit,
                                "ERR The LIMIT argument must be >= 0."))
                return false;
        } else if (has_id && slice_is(arg, "nomkstream")) {
            args->no_mkstream = true;
        } else if (has_id) {
            break;
        } else {
            return refuse(c, ERR_SYNTAX);
        }
    }
    args->id_at = has_id ? i : 0;
    args->form = ID_AUTO;
    if (has_id && i < c->argc && !slice_equal(c->argv[i], SLICE("*"))) {
        args->form = stream_id_parse(c->argv[i], &args->id);
        if (args->form != ID_AUTO_SEQ && !id_or_reply(c, c->argv[i], &args->id))
            return false;
    }
    return limit_or_reply(c, args);
}

/* Propagates XADD or XTRIM with what was decided now, since another time it may
 * be decided in another way: the ID, and how much was trimmed. */
static void propagate_decided(struct client *c, const struct stream_args *args,
                              const struct stream *s)
{
    char id[STREAM_ID_TEXT_MAX], threshold[STREAM_ID_TEXT_MAX];
    struct slice *argv = zmalloc((size_t)c->argc * sizeof *argv);
    memcpy(argv, c->argv, (size_t)c->argc * sizeof *argv);
    if (args->id_at > 0)
        argv[args->id_at] = stream_id_format(id, s->last_id);
    if (args->trim.is_approximate) {
        argv[args->threshold - 1] = SLICE("=");
        const struct stream_node *first =
            tree_seek(&s->nodes, &stream_id_min, TREE_MORE);
        argv[args->threshold] =
            stream_id_format(threshold, first ? first->id : stream_id_max);
        if (args->trim.strategy == TRIM_MAXLEN)
            argv[args->threshold].len = format_uint64(threshold, s->length);
    }
    propagate_as(c, c->argc, argv);
    zfree(argv);
}

/* Completes the ID of a new entry, and checks that it comes after the last one
 * of the stream. */
static bool next_id_or_reply(struct client *c, struct stream_id last,
                             struct stream_args *args)
{
    struct stream_id after = last;
    if (!stream_id_next(&after))
        return refuse(c, "ERR The stream has exhausted the last possible ID, "
                         "unable to add more items");
    if (args->form == ID_AUTO)
        args->id.ms = (uint64_t)clock_ticked_ms();
    if (args->form == ID_AUTO && stream_id_compare(&args->id, &last) <= 0)
        args->id = after;
    if (args->form == ID_AUTO_SEQ && args->id.ms == last.ms) {
        if (after.ms != last.ms) /* as Redis replies */
            return refuse(c, "ERR Elements are too large to be stored");
        args->id = after;
    }
    return stream_id_compare(&args->id, &last) > 0 ||
           refuse(c,
                  "ERR The ID specified in XADD is equal or smaller than the "
                  "target stream top item");
}

/* Checks the fields of XADD, and that the ID may be one. */
static bool fields_or_reply(struct client *c, const struct stream_args *args)
{
    size_t bytes = 0;
    int count = c->argc - args->id_at - 1;
    if (count < 2 || count % 2 != 0)
        return refuse(c, "ERR wrong number of arguments for 'xadd' command");
    if (args->form != ID_AUTO && args->form != ID_AUTO_SEQ &&
        stream_id_compare(&args->id, &stream_id_min) == 0)
        return refuse(c,
                      "ERR The ID specified in XADD must be greater than 0-0");
    for (int i = args->id_at + 1; i < c->argc; i++)
        bytes += c->argv[i].len;
    return bytes <= ENTRY_BYTES_MAX ||
           refuse(c, "ERR Elements are too large to be stored");
}

/* XADD key [NOMKSTREAM] [MAXLEN | MINID [= | ~] threshold [LIMIT count]]
 *      * | ms-* | id field value [field value ...] */
static void xadd_command(struct client *c)
{
    struct slice key = c->argv[1];
    struct stream_args args = {.has_limit = false};
    struct entry *e;
    if (!stream_args_or_reply(c, true, &args) || !fields_or_reply(c, &args) ||
        !write_typed_or_reply(c, key, TYPE_STREAM, &e))
        return;
    if (!e && args.no_mkstream) {
        reply_null(c);
        return;
    }
    if (!next_id_or_reply(c, e ? entry_stream(e)->last_id : stream_id_min,
                          &args))
        return;
    if (!e) {
        e = stream_create(key);
        db_add(c->db, e);
    }
    struct stream *s = entry_stream(e);
    int first = args.id_at + 1;
    stream_append(s, args.id, c->argv + first, (size_t)(c->argc - first) / 2);
    key_changed(c->db, key, "xadd");
    if (args.trim.strategy != TRIM_NOTHING && stream_trim(s, &args.trim) > 0)
        key_changed(c->db, key, "xtrim");
    if (args.form == ID_AUTO || args.form == ID_AUTO_SEQ ||
        args.trim.is_approximate)
        propagate_decided(c, &args, s);
    reply_id(c, args.id);
}

/* XTRIM key MAXLEN | MINID [= | ~] threshold [LIMIT count] */
static void xtrim_command(struct client *c)
{
    struct stream_args args = {.has_limit = false};
    struct entry *e;
    if (!stream_args_or_reply(c, false, &args) ||
        !write_typed_or_reply(c, c->argv[1], TYPE_STREAM, &e))
        return;
    int64_t trimmed = e ? stream_trim(entry_stream(e), &args.trim) : 0;
    if (trimmed > 0)
        key_changed(c->db, c->argv[1], "xtrim");
    if (trimmed > 0 && args.trim.is_approximate)
        propagate_decided(c, &args, entry_stream(e));
    reply_integer(c, trimmed);
}

/* XLEN key */
static void xlen_command(struct client *c)
{
    struct entry *e;
    if (read_typed_or_reply(c, c->argv[1], TYPE_STREAM, &e))
        reply_integer(c, e ? (int64_t)entry_stream(e)->length : 0);
}

/* XRANGE key start end [COUNT count]
 * XREVRANGE key end start [COUNT count] */
static void xrange_command(struct client *c)
{
    bool is_reversed = slice_is(SLICE("xrevrange"), c->command->name);
    struct stream_id start, end;
    struct stream_iterator it;
    struct entry *e;
    int64_t most = INT64_MAX, count = 0;
    if (!range_ids_or_reply(c, c->argv[2 + is_reversed],
                            c->argv[3 - is_reversed], &start, &end))
        return;
    for (int i = 4; i < c->argc; i += 2) {
        bool is_count = i + 1 < c->argc && slice_is(c->argv[i], "count");
        if (is_count ? !integer_or_reply(c, c->argv[i + 1], &most)
                     : !refuse(c, ERR_SYNTAX))
            return;
    }
    if (!read_typed_or_reply(c, c->argv[1], TYPE_STREAM, &e))
        return;
    if (e && most <= 0) {
        reply_null_array(c);
        return;
    }
    struct output_block *begun = reply_begin(c);
    if (e)
        stream_iterate(&it, entry_stream(e), start, end, is_reversed);
    for (; e && count < most && stream_next(&it); count++)
        reply_entry(c, &it);
    reply_end_aggregate(c, begun, REPLY_ARRAY, (size_t)count);
}

/* XDEL key id [id ...]: an empty stream stays, with its last ID. */
static void xdel_command(struct client *c)
{
    struct entry *e;
    struct stream_id id;
    int64_t deleted = 0;
    if (!write_typed_or_reply(c, c->argv[1], TYPE_STREAM, &e) ||
        (e && !ids_or_reply(c, 2)))
        return;
    for (int i = 2; e && i < c->argc; i++) {
        stream_id_parse(c->argv[i], &id);
        deleted += stream_delete(entry_stream(e), id);
    }
    if (deleted > 0)
        key_changed(c->db, c->argv[1], "xdel");
    reply_integer(c, deleted);
}

const struct command stream_commands[] = {
    {.name = "xadd",
     .arity = -5,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = xadd_command},
    {.name = "xtrim",
     .arity = -4,
     .flags = CMD_WRITE,
     .handler = xtrim_command},
    {.name = "xlen", .arity = 2, .handler = xlen_command},
    {.name = "xrange", .arity = -4, .handler = xrange_command},
    {.name = "xrevrange", .arity = -4, .handler = xrange_command},
    {.name = "xdel", .arity = -3, .flags = CMD_WRITE, .handler = xdel_command},
    {.name = NULL},
};
