/* report: what INFO tells of replication. */
#include <limits.h>
#include <sys/stat.h>

#include "common/clock.h"
#include "common/config.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/net/extension.h"
#include "more/02-keyspace/command/info.h"
#include "more/02-keyspace/command/stats.h"
#include "more/12-replication/repl/families.h"
#include "net/client.h"
#include "net/event_loop.h"
#include "repl/link.h"
#include "repl/primary.h"
#include "repl/replication.h"
#include "store/memory.h"

#define NO_ID "0000000000000000000000000000000000000000"

static int64_t priority;
static bool is_announced;

static const struct config_row report_config[] = {
    {CONFIG_NUMBER(INTEGER, "replica-priority", priority, "100", 0, INT_MAX),
     .alias = "slave-priority"},
    {CONFIG_VALUE(BOOL, "replica-announced", is_announced, "yes")},
    {.name = NULL},
};

/* What happens to links is seen from turn to turn. */
static struct {
    bool was_up; /* the link to the primary, in the last turn */
    int64_t down_since_s; /* Unix time; 0: it never was up */
    int64_t file_left; /* of the snapshot, in the last turn; 0: none arrived */
    int64_t offset; /* of the stream, in the last turn */
    int64_t input_bytes, output_bytes; /* of links */
} seen;

/* What has been counted of a replica's file and stream. */
struct sent {
    size_t file;
    int64_t offset;
};
static size_t sent_at; /* in every client */

/* Counts what a replica was sent since it was counted last. */
static void count_sent(struct client *c)
{
    const struct replica *r = replica_of(c);
    struct sent *sent = (struct sent *)((char *)c + sent_at);
    if (!r->reader.block)
        return;
    if (sent->offset == 0)
        sent->offset = r->reader.offset + 1;
    seen.output_bytes += (int64_t)(r->file_sent - sent->file);
    seen.output_bytes += r->reader.offset + 1 - sent->offset;
    sent->file = r->file_sent;
    sent->offset = r->reader.offset + 1;
}

/* Returns how many bytes of the snapshot have arrived. */
static int64_t file_bytes(void)
{
    struct stat status;
    if (link_up.file < 0 || fstat(link_up.file, &status) != 0)
        return 0;
    return status.st_size;
}

/* Counts what has arrived from the primary. How much was left of a snapshot
 * that a mark has ended is not known. */
static void count_received(void)
{
    const struct link *l = &link_up;
    if (l->file >= 0 && seen.file_left == 0)
        seen.input_bytes += file_bytes();
    else if (l->file >= 0)
        seen.input_bytes += seen.file_left - l->file_left;
    else if (l->client && seen.file_left < INT64_MAX / 2)
        seen.input_bytes += seen.file_left;
    seen.file_left = l->file >= 0 ? l->file_left : 0;
    if (l->client && seen.was_up && backlog.offset > seen.offset)
        seen.input_bytes += backlog.offset - seen.offset;
    seen.offset = backlog.offset;
}

/* Called in each turn. */
static void look(void)
{
    bool is_up = link_up.client;
    count_received();
    for (struct replica *r = primary.replicas; r; r = r->next)
        count_sent(r->client);
    if (is_up || !link_up.host)
        seen.down_since_s = 0;
    else if (seen.was_up)
        seen.down_since_s = clock_ms() / 1000;
    seen.was_up = is_up;
}

static int64_t seconds_since_io(void)
{
    return (monotonic_ms() - link_up.active_ms) / 1000;
}

/* How much of the snapshot has arrived. Its length is -1 before it begins, and
 * 0 if a mark ends it. */
static void append_transfer(struct buffer *out)
{
    int64_t done = file_bytes(), total = -1;
    if (link_up.file >= 0)
        total =
            link_up.file_left > INT64_MAX / 2 ? 0 : done + link_up.file_left;
    double part = total ? (double)done / (double)total : 0;
    info_field(out, "master_sync_total_bytes", total);
    info_field(out, "master_sync_read_bytes", done);
    info_field(out, "master_sync_left_bytes", total - done);
    buffer_printf(out, "master_sync_perc:%.2f\r\n", part * 100);
    info_field(out, "master_sync_last_io_seconds_ago", seconds_since_io());
}

/* The link to the primary. */
static void append_link(struct buffer *out)
{
    const struct link *l = &link_up;
    const bool *is_read_only = config_find(SLICE("replica-read-only"))->value;
    int64_t waiting = l->client ? (int64_t)(l->begun.len + l->in.len) : 0;
    int64_t offset = l->has_history ? backlog.offset : 1;
    info_text_field(out, "master_host", l->host);
    info_field(out, "master_port", l->port);
    info_text_field(out, "master_link_status", l->client ? "up" : "down");
    info_field(out, "master_last_io_seconds_ago",
               l->client ? seconds_since_io() : -1);
    info_field(out, "master_sync_in_progress", l->state == LINK_TRANSFER);
    info_field(out, "slave_read_repl_offset", offset + waiting);
    info_field(out, "slave_repl_offset", offset);
    if (l->state == LINK_TRANSFER)
        append_transfer(out);
    if (!l->client)
        info_field(out, "master_link_down_since_seconds",
                   seen.down_since_s ? clock_ms() / 1000 - seen.down_since_s
                                     : -1);
    info_field(out, "slave_priority", priority);
    info_field(out, "slave_read_only", *is_read_only);
    info_field(out, "replica_announced", is_announced);
}

/* A line for each replica. */
static void append_replicas(struct buffer *out)
{
    static const char *const states[] = {
        [REPLICA_WAITS] = "wait_bgsave",
        [REPLICA_SAVING] = "wait_bgsave",
        [REPLICA_RECEIVES] = "send_bulk",
        [REPLICA_ONLINE] = "online",
    };
    int number = 0;
    for (const struct replica *r = primary.replicas; r; r = r->next) {
        int64_t lag_s = (monotonic_ms() - r->ack_ms) / 1000;
        buffer_printf(out,
                      "slave%d:ip=%s,port=%lld,state=%s,offset=%lld,"
                      "lag=%lld\r\n",
                      number++, r->ip, (long long)r->port, states[r->state],
                      (long long)r->ack_offset,
                      (long long)(r->state == REPLICA_ONLINE ? lag_s : 0));
    }
}

/* The stream, and how much of it is kept. */
static void append_backlog(struct buffer *out)
{
    int64_t kept = backlog.first ? backlog.offset - backlog.first->start : 0;
    info_text_field(out, "master_replid", backlog.id);
    info_text_field(out, "master_replid2", *backlog.id2 ? backlog.id2 : NO_ID);
    info_field(out, "master_repl_offset", backlog.offset);
    info_field(out, "second_repl_offset", backlog.id2_offset);
    info_field(out, "repl_backlog_active", backlog.first != NULL);
    info_field(out, "repl_backlog_size", backlog.size);
    info_field(out, "repl_backlog_first_byte_offset",
               backlog.first ? backlog.first->start + 1 : 0);
    info_field(out, "repl_backlog_histlen", kept);
}

static int64_t count_replicas(void)
{
    int64_t count = 0;
    for (const struct replica *r = primary.replicas; r; r = r->next)
        count++;
    return count;
}

static void append_replication(struct buffer *out)
{
    int good = refusal_good_replicas();
    info_text_field(out, "role", link_up.host ? "slave" : "master");
    if (link_up.host)
        append_link(out);
    info_field(out, "connected_slaves", count_replicas());
    if (good >= 0)
        info_field(out, "min_slaves_good_slaves", good);
    append_replicas(out);
    info_text_field(out, "master_failover_state", failover_state());
    append_backlog(out);
}

static void append_clients(struct buffer *out)
{
    info_field(out, "connected_clients", client_count() - count_replicas());
}

static void append_stats(struct buffer *out)
{
    look();
    info_field(out, "sync_full", sync_stats.full);
    info_field(out, "sync_partial_ok", sync_stats.partial);
    info_field(out, "sync_partial_err", sync_stats.refused);
    info_field(out, "total_net_repl_input_bytes", seen.input_bytes);
    info_field(out, "total_net_repl_output_bytes", seen.output_bytes);
}

/* What is over the size of the backlog is kept for replicas. */
static void append_memory(struct buffer *out)
{
    int64_t bytes = backlog.bytes;
    int64_t over =
        primary.replicas && bytes > backlog.size ? bytes - backlog.size : 0;
    size_t normal = 0;
    for (const struct client *c = client_first(); c; c = c->next) {
        if (client_class(c) != CLASS_REPLICA)
            normal += client_memory(c);
    }
    info_field(out, "mem_not_counted_for_evict", (int64_t)memory_not_counted);
    info_field(out, "mem_replication_backlog", bytes - over);
    info_field(out, "mem_total_replication_buffers", bytes);
    info_field(out, "mem_clients_slaves", over);
    info_field(out, "mem_clients_normal", (int64_t)normal);
}

static void reset(void)
{
    seen.input_bytes = seen.output_bytes = 0;
}

void replication_report_open(void)
{
    sent_at = client_reserve(sizeof(struct sent));
    config_add(report_config);
    event_each_turn(look);
    stats_on_reset(reset);
    info_replace("Replication", append_replication);
    info_extend("Clients", append_clients);
    info_extend("Stats", append_stats);
    info_extend("Memory", append_memory);
}
