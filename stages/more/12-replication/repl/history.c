/* history: keeps the place in the history over a restart, and forgets it when
 * no replica follows for long.
 *
 *   snapshot   repl-stream-db, repl-id, repl-offset
 *   replica    asks its primary for what follows that offset
 *   primary    begins a history of its own, which has that one up to the offset
 *              in common: replicas that were there need no snapshot */
#include <limits.h>
#include <string.h>

#include "common/clock.h"
#include "common/config.h"
#include "common/log.h"
#include "common/numbers.h"
#include "more/02-keyspace/command/debug.h"
#include "more/10-rdb/persist/families.h"
#include "more/10-rdb/persist/loading.h"
#include "more/11-aof/persist/families.h"
#include "more/12-replication/repl/families.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "net/timers.h"
#include "persist/rdb.h"
#include "persist/snapshot.h"
#include "repl/link.h"
#include "repl/primary.h"
#include "store/keyspace.h"

enum { CHECK_MS = 1000 };

/* What the snapshot at the start has told. */
static struct {
    char id[HISTORY_ID_LEN + 1]; /* "": nothing */
    int64_t offset;
} found = {.offset = -1};
static bool has_started; /* the data is loaded, and clients are served */

static struct {
    int64_t ttl_s; /* of a backlog that no replica reads; 0: forever */
} settings;

static const struct config_row history_config[] = {
    {CONFIG_NUMBER(INTEGER, "repl-backlog-ttl", settings.ttl_s, "3600", 0,
                   INT64_MAX)},
    {.name = NULL},
};

/* CONFIG SET repl-backlog-size: what is over the size is freed now, not with
 * the next effect. */
static bool apply_size(const char **error)
{
    (void)error;
    backlog_trim();
    return true;
}

static void save_position(struct rdb_writer *w)
{
    char text[INT64_TEXT_MAX];
    if (!backlog.first)
        return;
    rdb_save_fact(w, "repl-id", slice_of(backlog.id));
    rdb_save_fact(w, "repl-offset",
                  (struct slice){text, format_int64(text, backlog.offset)});
}

static void note_fact(struct slice name, struct slice value)
{
    if (slice_equal(name, SLICE("repl-id")) && value.len == HISTORY_ID_LEN)
        memcpy(found.id, value.ptr, value.len);
    if (slice_equal(name, SLICE("repl-offset")) &&
        !parse_int64(value, &found.offset))
        found.offset = -1;
}

/* Whether the stream goes on where the snapshot was saved. */
static bool goes_on(void)
{
    return *found.id && found.offset >= 0 && !snapshot.has_log;
}

/* The replicas that were there have the keys whose time is over by now. They
 * are removed by effects of the stream, so they are loaded like others. */
static bool allow_removal(enum removal why)
{
    (void)why;
    return has_started || link_up.host || !goes_on();
}

static void pass_over(void *context, struct entry *e)
{
    (void)context;
    (void)e;
}

/* Removes them. They count as those do that no load has kept. */
static void remove_expired(void)
{
    const struct key_filter all = {0};
    int64_t before = keyspace_stats.expired;
    for (int i = 0; i < db_count(); i++) {
        if (db_at(i)->volatile_count > 0)
            db_scan(db_at(i), 0, &all, INT64_MAX, pass_over, NULL);
    }
    int64_t removed = keyspace_stats.expired - before;
    keyspace_stats.expired = before;
    snapshot.load.keys -= removed;
    snapshot.load.expired += removed;
}

/* Goes on where the snapshot was saved. */
static void take_position(void)
{
    if (!goes_on())
        return;
    backlog.offset = found.offset;
    if (link_up.host) {
        memcpy(backlog.id, found.id, sizeof backlog.id);
        link_up.has_history = true;
        rdb_stream_db = snapshot.load.stream_db % db_count();
        return;
    }
    memcpy(backlog.id2, found.id, sizeof backlog.id2);
    backlog.id2_offset = found.offset + 1;
    backlog_extend();
    remove_expired();
}

/* In each turn: the first that no load makes comes before any client. */
static void note_start(void)
{
    if (has_started || loading_is_underway())
        return;
    has_started = true;
    take_position();
}

/* A timer: forgets a stream that no replica has read for long. */
static int64_t forget(void *owner)
{
    static int64_t idle_since_ms; /* 0: it is in use */
    (void)owner;
    if (primary.replicas || link_up.host || !backlog.first)
        idle_since_ms = 0;
    else if (!idle_since_ms)
        idle_since_ms = monotonic_ms();
    if (!idle_since_ms || !settings.ttl_s ||
        (monotonic_ms() - idle_since_ms) / 1000 < settings.ttl_s)
        return CHECK_MS;
    history_begin();
    backlog_close();
    log_write(LOG_NOTICE,
              "Replication backlog freed after %lld seconds "
              "without connected replicas.",
              (long long)settings.ttl_s);
    return CHECK_MS;
}

/* DEBUG CHANGE-REPL-ID */
static void debug_change_id(struct client *c)
{
    history_begin();
    log_write(LOG_NOTICE, "Changing replication IDs after receiving "
                          "change-repl-id");
    reply_ok(c);
}

/* DEBUG LOADAOF: what the log repeats is in the stream already. */
static void hold_stream(bool begins)
{
    static bool was_copy;
    if (begins)
        was_copy = backlog.is_copy;
    backlog.is_copy = begins || was_copy;
}

static const struct debug_row history_rows[] = {
    {{.name = "debug|change-repl-id", .arity = 2, .handler = debug_change_id},
     "",
     "Begins a history under another ID."},
    {{.name = NULL}, NULL, NULL},
};

void history_open(void)
{
    rdb_progress.facts = save_position;
    rdb_progress.fact = note_fact;
    static struct config_row rows[2]; /* the last has no name */
    rows[0] = *config_find(SLICE("repl-backlog-size"));
    rows[0].apply = apply_size;
    config_add(rows);
    config_add(history_config);
    debug_add(history_rows);
    loadaof_pauses = hold_stream;
    keyspace_allow_removal(allow_removal);
    event_each_turn(note_start);
    timer_start(CHECK_MS, forget, NULL);
}
