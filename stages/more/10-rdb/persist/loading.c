/* loading: a file that takes long to read at the start. Clients are served
 * meanwhile: the load stops after so many bytes for a turn of the event loop.
 *
 *   read 2 MB - turn - read 2 MB - turn - ... - the server's own loop
 *
 * What needs the data is refused with LOADING, as programs that watch a
 * server expect. A load that a command has begun (DEBUG RELOAD) is inside the
 * loop already, and takes no turns: the client that has sent the command must
 * not be read from meanwhile. */
#include "more/10-rdb/persist/loading.h"

#include <limits.h>
#include <stdlib.h>

#include "command/command.h"
#include "command/dispatch.h"
#include "common/clock.h"
#include "common/log.h"
#include "more/01-event-loop/command/docs.h"
#include "more/01-event-loop/net/listeners.h"
#include "more/02-keyspace/command/info.h"
#include "more/10-rdb/persist/families.h"
#include "net/client.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "net/server.h"
#include "net/timers.h"
#include "persist/rdb_reader.h"

static struct {
    int64_t turn_bytes; /* that are read from one turn to the next */
    int64_t key_delay_us; /* before each key; below 0: before some */
} settings;

static const struct config_row loading_config[] = {
    {CONFIG_NUMBER(BYTES, "loading-process-events-interval-bytes",
                   settings.turn_bytes, "2mb", 1024, INT_MAX),
     .flags = CONFIG_HIDDEN},
    {CONFIG_NUMBER(INTEGER, "key-load-delay", settings.key_delay_us, "0",
                   INT_MIN, INT_MAX),
     .flags = CONFIG_HIDDEN},
    {.name = NULL},
};

/* The load at the start. */
static struct {
    bool has_begun, is_over;
    bool is_turn; /* a turn of the loop is made */
    bool is_stopped; /* the server is to end */
    int64_t start_s; /* Unix time */
    int64_t total, loaded, turned; /* bytes; the last: at the last turn */
    int64_t used_memory; /* of the server that has written the file */
} load;

bool loading_is_underway(void)
{
    return load.has_begun && !load.is_over;
}

bool loading_stop(void)
{
    load.is_stopped = loading_is_underway();
    return load.is_stopped;
}

static void note_memory(int64_t bytes)
{
    load.used_memory = bytes;
}

/* In each turn of the loop: one that no load makes is the server's. */
static void note_start(void)
{
    load.is_over = !load.is_turn;
}

/* A timer: ends the turn. What replies there are is sent first. */
static int64_t end_turn(void *owner)
{
    (void)owner;
    connection_flush_queued();
    load.is_turn = false;
    event_loop_stop();
    return TIMER_ENDS;
}

/* Serves all clients once. */
static void make_turn(void)
{
    load.is_turn = true;
    timer_start(0, end_turn, NULL);
    event_loop_run();
    if (!load.is_stopped)
        return;
    connection_flush_queued();
    log_write(LOG_WARNING, "Redis is now ready to exit, bye bye...");
    exit(0);
}

void loading_note(int64_t loaded, int64_t total, bool is_due)
{
    if (load.is_over)
        return;
    if (!load.has_begun) {
        load.has_begun = true;
        load.start_s = clock_ms() / 1000;
        connection_set_execute(dispatch);
    }
    delay_us(settings.key_delay_us);
    load.total = total;
    load.loaded = loaded;
    if (loaded / settings.turn_bytes == load.turned / settings.turn_bytes &&
        !is_due)
        return;
    load.turned = loaded;
    make_turn();
}

static void note_progress(const struct rdb_reader *r)
{
    loading_note(r->at - r->start, r->end - r->start, false);
}

/* To close no listeners has one effect: the loop begins to watch those that are
 * added then in its first turn, which may be one of a load. */
static bool listen_early(void)
{
    server_close_listeners();
    return listen_everywhere();
}

/* DEBUG may add keys, or load them. */
bool check_not_loading(struct client *c)
{
    if (!loading_is_underway())
        return true;
    const struct command_doc *doc = doc_find(slice_of(c->command->name));
    if (doc && doc->flags & DOC_LOADING && !slice_is(c->argv[0], "debug"))
        return true;
    reply_error(c, "LOADING Redis is loading the dataset in memory");
    return false;
}

/* How far it is, and in how many seconds it will end at this pace. */
static void append_loading(struct buffer *out)
{
    info_field(out, "loading", loading_is_underway());
    if (!loading_is_underway())
        return;
    int64_t elapsed_s = clock_ms() / 1000 - load.start_s, eta_s = 1;
    double part = (double)load.loaded / (double)load.total;
    if (elapsed_s > 0 && load.loaded >= elapsed_s)
        eta_s = (load.total - load.loaded) / (load.loaded / elapsed_s);
    info_field(out, "loading_start_time", load.start_s);
    info_field(out, "loading_total_bytes", load.total);
    info_field(out, "loading_rdb_used_mem", load.used_memory);
    info_field(out, "loading_loaded_bytes", load.loaded);
    buffer_printf(out, "loading_loaded_perc:%.2f\r\n", part * 100);
    info_field(out, "loading_eta_seconds", eta_s);
}

void loading_open(void)
{
    config_add(loading_config);
    server_listen_with(listen_early);
    event_each_turn(note_start);
    rdb_progress.loading = note_progress;
    rdb_progress.used_memory = note_memory;
}

void loading_report_open(void)
{
    info_extend("Persistence", append_loading);
}
