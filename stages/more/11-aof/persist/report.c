/* report: what INFO tells of the log. The lesson keeps what it needs itself;
 * what has happened to its child is seen from turn to turn. */
#include "common/clock.h"
#include "more/02-keyspace/command/info.h"
#include "more/10-rdb/persist/families.h"
#include "more/11-aof/persist/families.h"
#include "net/event_loop.h"
#include "persist/aof.h"
#include "persist/aof_log.h"
#include "persist/aof_sync.h"

/* Of rewrites. */
static struct {
    pid_t child; /* that of the last turn; 0: there was none */
    int64_t began_s; /* Unix time */
    int64_t took_s; /* the last one; -1: there was none */
    int64_t begun; /* since the start */
    int64_t failures; /* since the last success */
    int64_t own_bytes; /* of memory, that the last child alone had */
} rewrites = {.took_s = -1};

static bool is_rewriting(void)
{
    return aof.child != 0;
}

/* In each turn: whether a child has begun, or has ended. */
static void note_child(void)
{
    if (aof.child == rewrites.child)
        return;
    if (rewrites.child) {
        rewrites.took_s = clock_ms() / 1000 - rewrites.began_s;
        rewrites.failures = aof.has_failed ? rewrites.failures + 1 : 0;
        rewrites.own_bytes = child_own_bytes();
    }
    rewrites.child = aof.child;
    rewrites.began_s = aof.began_s;
    rewrites.begun += aof.child != 0;
}

static void append_log(struct buffer *out)
{
    int64_t runs_s = aof.child ? clock_ms() / 1000 - aof.began_s : -1;
    info_field(out, "aof_enabled", aof.state != AOF_OFF);
    info_field(out, "aof_rewrite_in_progress", aof.child != 0);
    info_field(out, "aof_rewrite_scheduled", aof.is_scheduled);
    info_field(out, "aof_last_rewrite_time_sec", rewrites.took_s);
    info_field(out, "aof_current_rewrite_time_sec", runs_s);
    info_text_field(out, "aof_last_bgrewrite_status",
                    aof.has_failed ? "err" : "ok");
    info_field(out, "aof_rewrites", rewrites.begun);
    info_field(out, "aof_rewrites_consecutive_failures", rewrites.failures);
    info_text_field(out, "aof_last_write_status",
                    aof_log.error || sync_error() ? "err" : "ok");
    info_field(out, "aof_last_cow_size", rewrites.own_bytes);
    if (aof.state == AOF_OFF)
        return;
    info_field(out, "aof_current_size", aof_log.total);
    info_field(out, "aof_base_size", aof.base_size);
    info_field(out, "aof_pending_rewrite", aof.is_scheduled);
    info_field(out, "aof_buffer_length", (int64_t)aof_log.pending.len);
    info_field(out, "aof_pending_bio_fsync", sync_is_busy());
    info_field(out, "aof_delayed_fsync", aof_log.delayed);
}

void aof_report_open(void)
{
    info_extend("Persistence", append_log);
    event_each_turn(note_child);
    child_else = is_rewriting;
}
