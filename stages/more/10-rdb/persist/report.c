/* report: what INFO tells of snapshots. */
#include <string.h>

#include "command/call.h"
#include "command/command.h"
#include "common/clock.h"
#include "more/02-keyspace/command/info.h"
#include "more/10-rdb/persist/families.h"
#include "more/10-rdb/persist/loading.h"
#include "net/client.h"
#include "persist/snapshot.h"

static int64_t saves; /* since the start, also those that have failed */
static int64_t took_s = -1; /* the last save in the background; -1: none */

/* Notes how long a save in the background took. */
static void note_end(bool done)
{
    (void)done;
    if (!snapshot.child)
        return;
    saves++;
    took_s = clock_ms() / 1000 - snapshot.tried_s;
}

/* SAVE counts, and no other save that clients wait for. */
static void note_call(struct client *c, int64_t duration_us)
{
    (void)duration_us;
    saves += c->argc == 1 && strcmp(c->command->name, "save") == 0 &&
             !snapshot.child;
}

static void append_snapshots(struct buffer *out)
{
    uint64_t changes = keyspace_changes() - snapshot.saved_changes;
    int64_t runs_s = snapshot.child ? clock_ms() / 1000 - snapshot.tried_s : -1;
    child_append(out);
    info_field(out, "rdb_changes_since_last_save", (int64_t)changes);
    info_field(out, "rdb_bgsave_in_progress", snapshot.child != 0);
    info_field(out, "rdb_last_save_time", snapshot.saved_s);
    info_text_field(out, "rdb_last_bgsave_status",
                    snapshot.has_failed ? "err" : "ok");
    info_field(out, "rdb_last_bgsave_time_sec", took_s);
    info_field(out, "rdb_current_bgsave_time_sec", runs_s);
    info_field(out, "rdb_saves", saves);
    child_append_last(out);
    info_field(out, "rdb_last_load_keys_expired", snapshot.load.expired);
    info_field(out, "rdb_last_load_keys_loaded", snapshot.load.keys);
}

void rdb_report_open(void)
{
    info_extend("Persistence", append_snapshots);
    loading_report_open();
    snapshot_on_end(note_end);
    call_observe(note_call);
}
