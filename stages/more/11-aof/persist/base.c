/* base: a base that is no snapshot, but made of commands: as few as bring each
 * value back. It is longer and slower to load, and versions before 4.0 can read
 * it.
 *
 *   SELECT 0 | SET a 1 | RPUSH l x y z | PEXPIREAT l 1700000000000 | ... */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/buffer.h"
#include "common/config.h"
#include "more/10-rdb/persist/families.h"
#include "more/11-aof/persist/families.h"
#include "net/event_loop.h"
#include "persist/aof.h"
#include "persist/aof_log.h"
#include "persist/snapshot.h"
#include "store/hash.h"
#include "store/keyspace.h"
#include "store/list.h"
#include "store/set.h"
#include "store/stream.h"
#include "store/string.h"
#include "store/zset.h"

enum {
    ELEMENTS_MAX = 64, /* in one command: it is executed in one go */
    FLUSH_BYTES = 64 * 1024,
    SCORE_TEXT_MAX = 32,
    ENTRY_ARGS_MAX = 16 /* of a command that is written in one piece */
};

/* The file, and the command that is being written. */
struct base {
    int fd;
    bool has_failed; /* errno says why */
    struct buffer out;
    struct slice key; /* whose elements are written */
    const char *name; /* the command that adds them */
    size_t args; /* of the command for each */
    size_t left; /* to come, of the value */
    size_t open; /* to come, of the command */
};

static bool uses_snapshot;

static void flush(struct base *b)
{
    size_t done = 0;
    while (done < b->out.len && !b->has_failed) {
        ssize_t count = write(b->fd, b->out.data + done, b->out.len - done);
        if (count >= 0)
            done += (size_t)count;
        else
            b->has_failed = errno != EINTR;
    }
    b->out.len = 0;
}

static void append_bulk(struct base *b, struct slice s)
{
    buffer_printf(&b->out, "$%zu\r\n", s.len);
    buffer_append_slice(&b->out, s);
    buffer_append(&b->out, "\r\n", 2);
    if (b->out.len >= FLUSH_BYTES)
        flush(b);
}

static void append_id(struct base *b, struct stream_id id)
{
    char text[STREAM_ID_TEXT_MAX];
    append_bulk(b, stream_id_format(text, id));
}

/* Writes a command whose words are all texts. */
static void append_text(struct base *b, const char *words)
{
    struct slice argv[ENTRY_ARGS_MAX], rest = slice_of(words), word;
    int argc = 0;
    while (argc < ENTRY_ARGS_MAX && slice_split(&rest, ' ', &word))
        argv[argc++] = word;
    for (int i = 0; i < argc; i++)
        append_bulk(b, argv[i]);
}

static void append_number(struct base *b, int64_t number)
{
    char text[INT64_TEXT_MAX];
    append_bulk(b, (struct slice){text, format_int64(text, number)});
}

/* Begins a command of so many words, the first of which are its name and the
 * key. */
static void begin(struct base *b, size_t args, const char *name)
{
    buffer_printf(&b->out, "*%zu\r\n", args);
    append_text(b, name);
    append_bulk(b, b->key);
}

/* Prepares commands that add all elements of a value. */
static void begin_elements(struct base *b, const char *name, size_t args,
                           size_t count)
{
    b->name = name;
    b->args = args;
    b->left = count;
    b->open = 0;
}

/* Begins the next command when the last one has as many as it may. */
static void begin_element(struct base *b)
{
    if (b->open == 0) {
        b->open = b->left < ELEMENTS_MAX ? b->left : ELEMENTS_MAX;
        begin(b, 2 + b->args * b->open, b->name);
    }
    b->open--;
    b->left--;
}

static void write_string(struct base *b, const struct entry *e)
{
    char scratch[INT64_TEXT_MAX];
    begin(b, 3, "SET");
    append_bulk(b, string_value(e, scratch));
}

static void write_list(struct base *b, const struct entry *e)
{
    char scratch[INT64_TEXT_MAX];
    const struct list *l = entry_list(e);
    begin_elements(b, "RPUSH", 1, l->length);
    for (struct list_place p = list_seek(l, 0); p.node; p = list_next(p)) {
        begin_element(b);
        append_bulk(b, list_value(p, scratch));
    }
}

static void write_set(struct base *b, const struct entry *e)
{
    struct set_iterator it;
    struct slice member;
    begin_elements(b, "SADD", 1, set_size(e));
    set_iterate(&it, e);
    while (set_next(&it, &member)) {
        begin_element(b);
        append_bulk(b, member);
    }
}

static void write_hash(struct base *b, const struct entry *e)
{
    struct hash_iterator it;
    struct slice field, value;
    begin_elements(b, "HMSET", 2, hash_length(e));
    hash_iterate(&it, e);
    while (hash_next(&it, &field, &value)) {
        begin_element(b);
        append_bulk(b, field);
        append_bulk(b, value);
    }
}

static void write_zset(struct base *b, const struct entry *e)
{
    struct zset_iterator it;
    struct slice member;
    double score;
    size_t count = zset_length(e);
    begin_elements(b, "ZADD", 2, count);
    zset_iterate(&it, e, 0, count, false);
    while (count-- > 0 && zset_next(&it, &member, &score)) {
        char text[SCORE_TEXT_MAX];
        int len = snprintf(text, sizeof text, "%.17g", score);
        begin_element(b);
        append_bulk(b, (struct slice){text, (size_t)len});
        append_bulk(b, member);
    }
}

/* Writes the pending entries of a consumer. */
static void write_pending(struct base *b, const struct group *g,
                          const struct consumer *c)
{
    const struct pending *p =
        tree_seek(&c->pending, &stream_id_min, TREE_AT_LEAST);
    for (; p; p = tree_seek(&c->pending, p, TREE_MORE)) {
        begin(b, 12, "XCLAIM");
        append_bulk(b, g->name);
        append_bulk(b, c->name);
        append_text(b, "0");
        append_id(b, p->id);
        append_text(b, "TIME");
        append_number(b, p->delivered_ms);
        append_text(b, "RETRYCOUNT");
        append_number(b, p->deliveries);
        append_text(b, "JUSTID FORCE");
    }
}

/* A consumer with a pending entry is created by that. */
static void write_group(struct base *b, const struct group *g)
{
    begin(b, 7, "XGROUP CREATE");
    append_bulk(b, g->name);
    append_id(b, g->last_id);
    append_text(b, "ENTRIESREAD");
    append_number(b, g->entries_read);
    const struct consumer *c =
        tree_seek(&g->consumers, &SLICE(""), TREE_AT_LEAST);
    for (; c; c = tree_seek(&g->consumers, c, TREE_MORE)) {
        if (c->pending.count == 0) {
            begin(b, 5, "XGROUP CREATECONSUMER");
            append_bulk(b, g->name);
            append_bulk(b, c->name);
        }
        write_pending(b, g, c);
    }
}

/* An empty stream is created by an entry that is trimmed at once. */
static void write_stream(struct base *b, const struct entry *e)
{
    const struct stream *s = entry_stream(e);
    struct stream_iterator it;
    stream_iterate(&it, s, stream_id_min, stream_id_max, false);
    while (stream_next(&it)) {
        begin(b, 3 + 2 * it.left, "XADD");
        append_id(b, it.id);
        while (it.left > 0) {
            char scratch[2][INT64_TEXT_MAX];
            struct slice name, value;
            stream_read_pair(&it, &name, &value, scratch);
            append_bulk(b, name);
            append_bulk(b, value);
        }
    }
    if (s->length == 0) {
        begin(b, 7, "XADD");
        append_text(b, "MAXLEN 0 0-1 x y");
    }
    begin(b, 7, "XSETID");
    append_id(b, s->last_id);
    append_text(b, "ENTRIESADDED");
    append_number(b, (int64_t)s->entries_added);
    append_text(b, "MAXDELETEDID");
    append_id(b, s->max_deleted_id);
    const struct group *g = tree_seek(&s->groups, &SLICE(""), TREE_AT_LEAST);
    for (; g; g = tree_seek(&s->groups, g, TREE_MORE))
        write_group(b, g);
}

static void (*const writers[TYPE_COUNT])(struct base *,
                                         const struct entry *) = {
    [TYPE_STRING] = write_string, [TYPE_LIST] = write_list,
    [TYPE_SET] = write_set,       [TYPE_HASH] = write_hash,
    [TYPE_ZSET] = write_zset,     [TYPE_STREAM] = write_stream,
};

/* Called with each key of a database. */
static void write_entry(void *context, struct dict_node *node)
{
    struct base *b = context;
    const struct entry *e = (const struct entry *)node;
    if (b->has_failed)
        return;
    if (rdb_progress.saving)
        rdb_progress.saving(false);
    b->key = entry_key(e);
    writers[e->type](b, e);
    if (entry_is_volatile(e)) {
        begin(b, 3, "PEXPIREAT");
        append_number(b, entry_expiry(e));
    }
}

static void write_all(struct base *b)
{
    annotate(&b->out, true);
    if (rdb_progress.saving)
        rdb_progress.saving(true);
    for (int i = 0; i < db_count(); i++) {
        if (db_size(db_at(i)) == 0)
            continue;
        buffer_append_text(&b->out, "*2\r\n");
        append_text(b, "SELECT");
        append_number(b, i);
        dict_each(&db_at(i)->keys, write_entry, b);
    }
    flush(b);
}

/* Writes a base in the form that is configured. */
static bool write_base(const char *path)
{
    if (uses_snapshot) {
        rdb_is_base = true;
        bool done = snapshot_write(path);
        rdb_is_base = false;
        return done;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0)
        return false;
    struct base b = {.fd = fd};
    write_all(&b);
    buffer_free(&b.out);
    bool done = !b.has_failed && fsync(fd) == 0;
    return close(fd) == 0 && done;
}

/* In each turn, and at the start: the configuration file applies nothing. */
void base_note_form(void)
{
    aof_base_suffix = uses_snapshot ? "base.rdb" : "base.aof";
}

static const struct config_row base_config[] = {
    {CONFIG_VALUE(BOOL, "aof-use-rdb-preamble", uses_snapshot, "yes")},
    {.name = NULL},
};

void base_open(void)
{
    config_add(base_config);
    aof_write_base = write_base;
    event_each_turn(base_note_form);
}
