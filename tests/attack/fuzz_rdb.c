/* fuzz_rdb: a libFuzzer target for the reader of snapshots.
 *
 * The input is a file without a checksum. Whatever it is, reading it must end,
 * and what was read must be good for everything that is done with values: each
 * is written again, changed in all ways that its type has, and freed. */
#include <stdint.h>
#include <stdlib.h>

#include "common/config.h"
#include "more/10-rdb/persist/families.h"
#include "persist/rdb.h"
#include "persist/rdb_format.h"
#include "store/hash.h"
#include "store/list.h"
#include "store/set.h"
#include "store/settings.h"
#include "store/stream.h"
#include "store/string.h"
#include "store/zset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ENTRIES_MAX = 64 };

static const struct slice long_text = {"a text that is longer than what may be "
                                       "packed, which is 64 bytes, so it is "
                                       "in a table",
                                       85};

static void change_list(struct entry *e)
{
    struct list *l = entry_list(e);
    list_push(l, LIST_HEAD, SLICE("x"));
    list_push(l, LIST_TAIL, long_text);
    list_remove(l, l->length / 2, l->length - l->length / 2);
}

static void change_set(struct entry *e)
{
    set_add(e, SLICE("5"));
    set_remove(e, SLICE("1"));
    set_add(e, SLICE("x"));
}

static void change_hash(struct entry *e)
{
    hash_set(e, SLICE("f"), SLICE("v"));
    hash_delete(e, SLICE("f"));
    hash_set(e, SLICE("f"), long_text);
}

static void change_zset(struct entry *e)
{
    double score = 1;
    zset_add(e, SLICE("a"), &score, 0);
    score = 7;
    zset_add(e, SLICE("a"), &score, 0);
    zset_remove(e, SLICE("a"));
    zset_add(e, long_text, &score, 0);
    zset_remove(e, SLICE("m"));
}

static void change_stream(struct entry *e)
{
    struct stream *s = entry_stream(e);
    struct stream_iterator it;
    struct slice pair[2], scratch_pair[2];
    char scratch[2][INT64_TEXT_MAX];
    struct stream_id id = s->last_id, first = s->first_id;
    for (int reversed = 0; reversed < 2; reversed++) {
        stream_iterate(&it, s, stream_id_min, stream_id_max, reversed);
        while (stream_next(&it)) {
            while (it.left > 0)
                stream_read_pair(&it, &pair[0], &pair[1], scratch);
        }
    }
    scratch_pair[0] = SLICE("f");
    scratch_pair[1] = SLICE("v");
    if (stream_id_next(&id))
        stream_append(s, id, scratch_pair, 1);
    stream_delete(s, first);
    struct group *g = tree_seek(&s->groups, &SLICE(""), TREE_AT_LEAST);
    if (g)
        group_acknowledge(g, first);
    stream_trim(s, &(struct stream_trim){.strategy = TRIM_MAXLEN, .maxlen = 1});
}

static void (*const change[TYPE_COUNT])(struct entry *e) = {
    [TYPE_LIST] = change_list,     [TYPE_SET] = change_set,
    [TYPE_ZSET] = change_zset,     [TYPE_HASH] = change_hash,
    [TYPE_STREAM] = change_stream,
};

/* The entries of a database, as many as fit. */
static struct {
    struct entry *entries[ENTRIES_MAX];
    int count;
} found;

static void note(void *context, struct dict_node *node)
{
    (void)context;
    if (found.count < ENTRIES_MAX)
        found.entries[found.count++] = (struct entry *)node;
}

static void save(const struct entry *e)
{
    struct rdb_writer w = {.fd = -1};
    rdb_format_of(e)->save(&w, e);
    buffer_free(&w.buffer);
}

static void use(struct db *db)
{
    found.count = 0;
    dict_each(&db->keys, note, NULL);
    for (int i = 0; i < found.count; i++) {
        struct entry *e = found.entries[i];
        save(e);
        if (change[e->type])
            change[e->type](e);
        save(e);
    }
}

static void begin(void)
{
    static char *argv[] = {"fuzz_rdb", NULL};
    config_add(store_config);
    rdb_short_open();
    config_load(1, argv);
    rdb_checksum = true;
    rdb_formats_add(rdb_formats);
    rdb_formats_add(more_rdb_formats);
    rdb_extension_open();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool has_begun;
    struct rdb_reader r;
    struct rdb_load load;
    if (!has_begun)
        begin();
    has_begun = true;
    keyspace_open(2);
    rdb_reader_open(&r, (struct slice){(const char *)data, size});
    if (!rdb_load(&r, &load) && !r.reason)
        abort();
    rdb_reader_close(&r);
    use(db_at(0));
    use(db_at(1));
    keyspace_close();
    return 0;
}
