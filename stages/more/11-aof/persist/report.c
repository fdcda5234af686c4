/* report: what INFO tells of the log. */
#include "common/clock.h"
#include "more/02-keyspace/command/info.h"
#include "more/11-aof/persist/families.h"
#include "persist/aof.h"
#include "persist/aof_log.h"

static void append_log(struct buffer *out)
{
    int64_t runs_s = aof.child ? clock_ms() / 1000 - aof.began_s : -1;
    info_field(out, "aof_enabled", aof.state != AOF_OFF);
    info_field(out, "aof_rewrite_in_progress", aof.child != 0);
    info_field(out, "aof_rewrite_scheduled", aof.is_scheduled);
    info_field(out, "aof_current_rewrite_time_sec", runs_s);
    info_text_field(out, "aof_last_bgrewrite_status",
                    aof.has_failed ? "err" : "ok");
    info_text_field(out, "aof_last_write_status", aof_log.error ? "err" : "ok");
    if (aof.state == AOF_OFF)
        return;
    info_field(out, "aof_current_size", aof_log.total);
    info_field(out, "aof_base_size", aof.base_size);
    info_field(out, "aof_buffer_length", (int64_t)aof_log.pending.len);
    info_field(out, "aof_delayed_fsync", aof_log.delayed);
}

void aof_report_open(void)
{
    info_extend("Persistence", append_log);
}
