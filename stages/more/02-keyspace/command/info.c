/* info: adds INFO, the server's state as lines that people and programs read.
 *
 *   # Clients
 *   connected_clients:1
 *
 * A section is a row, a field is a line of its section's function, in the order
 * of Redis. What this server does not do yet counts 0 there, until another file
 * brings the field with its value. Programs find fields by their names and skip
 * those they do not know. */
#include "more/02-keyspace/command/info.h"

#include <assert.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/config_change.h"
#include "common/event_backend.h"
#include "common/hooks.h"
#include "common/numbers.h"
#include "common/process.h"
#include "common/random.h"
#include "common/version.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/command/docs.h"
#include "more/01-event-loop/net/extension.h"
#include "more/01-event-loop/net/replies.h"
#include "more/02-keyspace/command/families.h"
#include "more/02-keyspace/command/rates.h"
#include "more/02-keyspace/command/stats.h"
#include "more/02-keyspace/net/error_stats.h"
#include "more/02-keyspace/net/traffic_stats.h"
#include "more/02-keyspace/store/bytes.h"
#include "net/client.h"
#include "net/reply.h"
#include "net/timers.h"
#include "store/keyspace.h"

enum { RUN_ID_HEX = 40, SECONDS_A_DAY = 24 * 60 * 60, SECTIONS_MAX = 24 };
enum { LRU_CLOCKS = 1 << 24 }; /* an access time has 24 bits */

static size_t memory_at_start;

/* Called in the first turn of the event loop, when all parts are open. */
static int64_t note_memory(void *owner)
{
    (void)owner;
    memory_at_start = zmalloc_used_memory();
    return TIMER_ENDS;
}

void info_open(void)
{
    timer_start(0, note_memory, NULL);
    rates_open();
}

void info_text_field(struct buffer *out, const char *name, const char *value)
{
    buffer_printf(out, "%s:%s\r\n", name, value);
}

void info_field(struct buffer *out, const char *name, int64_t value)
{
    buffer_printf(out, "%s:%lld\r\n", name, (long long)value);
}

/* Fields of what does not happen in this server, named one after the other. */
static void zero_fields(struct buffer *out, const char *names)
{
    struct slice rest = slice_of(names), name;
    while (slice_split(&rest, ' ', &name))
        buffer_printf(out, "%.*s:0\r\n", (int)name.len, name.ptr);
}

/* Two digits after the point, then the unit. */
static void ratio_field(struct buffer *out, const char *name, double value,
                        const char *unit)
{
    buffer_printf(out, "%s:%.2f%s\r\n", name, value, unit);
}

/* The number, and the same for people in a field of its own. */
static void bytes_field(struct buffer *out, const char *name, size_t bytes)
{
    char human[DOUBLE_TEXT_MAX];
    format_bytes_human(human, bytes);
    info_field(out, name, (int64_t)bytes);
    buffer_printf(out, "%s_human:%s\r\n", name, human);
}

/* Seconds with six digits after the point. */
static void time_field(struct buffer *out, const char *name, struct timeval t)
{
    buffer_printf(out, "%s:%ld.%06ld\r\n", name, (long)t.tv_sec,
                  (long)t.tv_usec);
}

void info_config_field(struct buffer *out, const char *name,
                       const char *parameter)
{
    buffer_printf(out, "%s:", name);
    config_format(config_find(slice_of(parameter)), out);
    buffer_append_text(out, "\r\n");
}

/* Drawn once: another id means that the server was started again. */
static const char *run_id(void)
{
    static char id[RUN_ID_HEX + 1];
    if (!id[0])
        random_hex(id, RUN_ID_HEX);
    return id;
}

/* Which program this is, and since when. */
static void append_server(struct buffer *out)
{
    struct utsname os;
    uname(&os);
    info_text_field(out, "redis_version", REDIS_VERSION);
    info_text_field(out, "redis_git_sha1", "00000000");
    info_field(out, "redis_git_dirty", 0);
    info_text_field(out, "redis_mode", "standalone");
    buffer_printf(out, "os:%s %s %s\r\n", os.sysname, os.release, os.machine);
    info_field(out, "arch_bits", (int64_t)sizeof(void *) * 8);
    info_text_field(out, "monotonic_clock", "POSIX clock_gettime");
    info_text_field(out, "multiplexing_api", backend_name);
    info_field(out, "process_id", getpid());
    info_text_field(out, "process_supervised", "no");
    info_text_field(out, "run_id", run_id());
    info_config_field(out, "tcp_port", "port");
    info_field(out, "server_time_usec", clock_us());
    int64_t uptime_s = process_uptime_ms() / 1000;
    info_field(out, "uptime_in_seconds", uptime_s);
    info_field(out, "uptime_in_days", uptime_s / SECONDS_A_DAY);
    info_config_field(out, "hz", "hz");
    info_config_field(out, "configured_hz", "hz");
    info_field(out, "lru_clock", clock_ticked_ms() / 1000 % LRU_CLOCKS);
    info_text_field(out, "config_file", config_file());
    info_field(out, "io_threads_active", 0);
}

/* How many clients wait before their command is executed. */
static int64_t count_blocked(void)
{
    int64_t count = 0;
    for (const struct client *c = client_first(); c; c = c->next)
        count += (c->flags & CLIENT_POSTPONED) != 0;
    return count;
}

/* The longest buffers that a client has now. */
static void append_longest_buffers(struct buffer *out)
{
    size_t input = 0, output = 0;
    for (const struct client *c = client_first(); c; c = c->next) {
        input = c->input.len > input ? c->input.len : input;
        output = c->output.pending > output ? c->output.pending : output;
    }
    info_field(out, "client_recent_max_input_buffer", (int64_t)input);
    info_field(out, "client_recent_max_output_buffer", (int64_t)output);
}

/* Who is connected. */
static void append_clients(struct buffer *out)
{
    info_field(out, "connected_clients", client_count());
    info_field(out, "cluster_connections", 0);
    info_config_field(out, "maxclients", "maxclients");
    append_longest_buffers(out);
    info_field(out, "blocked_clients", count_blocked());
    zero_fields(out, "tracking_clients clients_in_timeout_table");
}

/* Bytes of the clients with their buffers. */
static size_t clients_memory(void)
{
    size_t bytes = 0;
    for (const struct client *c = client_first(); c; c = c->next)
        bytes += client_memory(c);
    return bytes;
}

/* Bytes that are no data: what the server began with, clients, and the tables
 * that keys are found by. */
static size_t overhead(void)
{
    size_t bytes = memory_at_start + clients_memory();
    for (int i = 0; i < db_count(); i++)
        bytes += dict_bytes(&db_at(i)->keys);
    return bytes;
}

/* How much of the memory in use is data. A table that shrinks while the sizes
 * are read must not make it negative. */
static void append_dataset(struct buffer *out, size_t used)
{
    size_t other = overhead();
    size_t data = used > other ? used - other : 0;
    size_t grown = used > memory_at_start ? used - memory_at_start : 1;
    info_field(out, "used_memory_overhead", (int64_t)other);
    info_field(out, "used_memory_startup", (int64_t)memory_at_start);
    info_field(out, "used_memory_dataset", (int64_t)data);
    ratio_field(out, "used_memory_dataset_perc",
                (double)data * 100 / (double)grown, "%");
}

/* What the machine has, in use or not. */
static size_t system_memory(void)
{
    return (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
}

/* Until values are freed in steps, none waits. */
static size_t no_objects(void)
{
    return 0;
}

static size_t (*lazyfree_pending)(void) = no_objects;
static size_t (*lazyfree_freed)(void) = no_objects;

void info_lazyfree_set(size_t (*pending)(void), size_t (*freed)(void))
{
    lazyfree_pending = pending;
    lazyfree_freed = freed;
}

/* What the allocator has. libc does not say how much of what it got from the
 * system is in use, so all that is resident counts as its own. */
static void append_allocator(struct buffer *out, size_t used, size_t resident)
{
    info_field(out, "allocator_allocated", (int64_t)used);
    info_field(out, "allocator_active", (int64_t)resident);
    info_field(out, "allocator_resident", (int64_t)resident);
}

/* How much of what is resident is not in use, and why. */
static void append_fragmentation(struct buffer *out, size_t used,
                                 size_t resident)
{
    double ratio = (double)resident / (double)used;
    int64_t bytes = (int64_t)resident - (int64_t)used;
    ratio_field(out, "allocator_frag_ratio", ratio, "");
    info_field(out, "allocator_frag_bytes", bytes);
    ratio_field(out, "allocator_rss_ratio", 1, "");
    zero_fields(out, "allocator_rss_bytes");
    ratio_field(out, "rss_overhead_ratio", 1, "");
    zero_fields(out, "rss_overhead_bytes");
    ratio_field(out, "mem_fragmentation_ratio", ratio, "");
    info_field(out, "mem_fragmentation_bytes", bytes);
}

/* What the data costs, what the allocator has, what the system sees. */
static void append_memory(struct buffer *out)
{
    size_t used = zmalloc_used_memory(), peak = zmalloc_peak_memory();
    size_t resident = zmalloc_resident();
    bytes_field(out, "used_memory", used);
    bytes_field(out, "used_memory_rss", resident);
    bytes_field(out, "used_memory_peak", peak);
    ratio_field(out, "used_memory_peak_perc", (double)used * 100 / (double)peak,
                "%");
    append_dataset(out, used);
    append_allocator(out, used, resident);
    bytes_field(out, "total_system_memory", system_memory());
    bytes_field(out, "maxmemory", 0);
    info_text_field(out, "maxmemory_policy", "noeviction");
    append_fragmentation(out, used, resident);
    zero_fields(out, "mem_not_counted_for_evict mem_replication_backlog "
                     "mem_total_replication_buffers mem_clients_slaves");
    info_field(out, "mem_clients_normal", (int64_t)clients_memory());
    zero_fields(out, "mem_cluster_links mem_aof_buffer");
    info_text_field(out, "mem_allocator", "libc");
    zero_fields(out, "active_defrag_running");
    info_field(out, "lazyfree_pending_objects", (int64_t)lazyfree_pending());
    info_field(out, "lazyfreed_objects", (int64_t)lazyfree_freed());
}

/* Whether the data is all there, and saved. */
static void append_persistence(struct buffer *out)
{
    zero_fields(out, "loading async_loading current_cow_peak current_cow_size "
                     "current_cow_size_age");
    ratio_field(out, "current_fork_perc", 0, "");
    zero_fields(out, "current_save_keys_processed current_save_keys_total "
                     "rdb_changes_since_last_save rdb_bgsave_in_progress "
                     "rdb_last_save_time");
    info_text_field(out, "rdb_last_bgsave_status", "ok");
    info_field(out, "rdb_last_bgsave_time_sec", -1);
    info_field(out, "rdb_current_bgsave_time_sec", -1);
    zero_fields(out, "rdb_saves rdb_last_cow_size rdb_last_load_keys_expired "
                     "rdb_last_load_keys_loaded aof_enabled "
                     "aof_rewrite_in_progress aof_rewrite_scheduled");
    info_field(out, "aof_last_rewrite_time_sec", -1);
    info_field(out, "aof_current_rewrite_time_sec", -1);
    info_text_field(out, "aof_last_bgrewrite_status", "ok");
    zero_fields(out, "aof_rewrites aof_rewrites_consecutive_failures");
    info_text_field(out, "aof_last_write_status", "ok");
    zero_fields(out, "aof_last_cow_size module_fork_in_progress "
                     "module_fork_last_cow_size");
}

/* How much went over the network, and how much does in a second. */
static void append_traffic(struct buffer *out)
{
    double input = (double)rate_per_second(RATE_INPUT_BYTES);
    double output = (double)rate_per_second(RATE_OUTPUT_BYTES);
    info_field(out, "instantaneous_ops_per_sec",
               rate_per_second(RATE_COMMANDS));
    info_field(out, "total_net_input_bytes", traffic_stats.input_bytes);
    info_field(out, "total_net_output_bytes", traffic_stats.output_bytes);
    zero_fields(out, "total_net_repl_input_bytes total_net_repl_output_bytes");
    ratio_field(out, "instantaneous_input_kbps", input / 1024, "");
    ratio_field(out, "instantaneous_output_kbps", output / 1024, "");
    ratio_field(out, "instantaneous_input_repl_kbps", 0, "");
    ratio_field(out, "instantaneous_output_repl_kbps", 0, "");
}

/* What has been counted since the start or CONFIG RESETSTAT. */
static void append_stats(struct buffer *out)
{
    info_field(out, "total_connections_received",
               traffic_stats.connections_received);
    info_field(out, "total_commands_processed", stats_calls);
    append_traffic(out);
    info_field(out, "rejected_connections", traffic_stats.connections_rejected);
    zero_fields(out, "sync_full sync_partial_ok sync_partial_err expired_keys");
    ratio_field(out, "expired_stale_perc", 0, "");
    zero_fields(out, "expired_time_cap_reached_count "
                     "expire_cycle_cpu_milliseconds evicted_keys "
                     "evicted_clients total_eviction_exceeded_time "
                     "current_eviction_exceeded_time");
    info_field(out, "keyspace_hits", keyspace_stats.hits);
    info_field(out, "keyspace_misses", keyspace_stats.misses);
    zero_fields(out, "pubsub_channels pubsub_patterns pubsubshard_channels "
                     "latest_fork_usec total_forks migrate_cached_sockets "
                     "slave_expires_tracked_keys active_defrag_hits "
                     "active_defrag_misses active_defrag_key_hits "
                     "active_defrag_key_misses total_active_defrag_time "
                     "current_active_defrag_time tracking_total_keys "
                     "tracking_total_items tracking_total_prefixes "
                     "unexpected_error_replies");
    info_field(out, "total_error_replies", stats_errors);
    zero_fields(out, "dump_payload_sanitizations");
    info_field(out, "total_reads_processed", traffic_stats.reads);
    info_field(out, "total_writes_processed", traffic_stats.writes);
    zero_fields(out, "io_threaded_reads_processed "
                     "io_threaded_writes_processed reply_buffer_shrinks "
                     "reply_buffer_expands");
}

/* Which part the server plays among others. */
static void append_replication(struct buffer *out)
{
    info_text_field(out, "role", "master");
    info_field(out, "connected_slaves", 0);
    info_field(out, "master_repl_offset", 0);
}

/* Time spent, in the kernel and outside of it. */
static void append_cpu(struct buffer *out)
{
    struct rusage own, children;
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    time_field(out, "used_cpu_sys", own.ru_stime);
    time_field(out, "used_cpu_user", own.ru_utime);
    time_field(out, "used_cpu_sys_children", children.ru_stime);
    time_field(out, "used_cpu_user_children", children.ru_utime);
}

/* A section with a title only: there are no modules, and no latencies are
 * tracked. */
static void append_nothing(struct buffer *out)
{
    (void)out;
}

/* A line for each command with which something has happened, in the order of
 * the docs. */
static void append_commandstats(struct buffer *out)
{
    const struct command_doc *doc;
    for (size_t i = 0; (doc = doc_at(i)); i++) {
        const struct command *row = command_find(slice_of(doc->name));
        const struct command_stats *s = row ? stats_of(row) : NULL;
        if (!s)
            continue;
        buffer_printf(out,
                      "cmdstat_%s:calls=%lld,usec=%lld,usec_per_call=%.2f,"
                      "rejected_calls=%lld,failed_calls=%lld\r\n",
                      row->name, (long long)s->calls, (long long)s->usec,
                      s->calls == 0 ? 0 : (double)s->usec / (double)s->calls,
                      (long long)s->rejected, (long long)s->failed);
    }
}

/* A line for each error code that clients were replied with. */
static void append_errorstats(struct buffer *out)
{
    const struct error_stat *s;
    for (int i = 0; (s = error_stats_at(i)); i++)
        buffer_printf(out, "errorstat_%s:count=%lld\r\n", s->code,
                      (long long)s->count);
}

/* Clients ask for this before they look for other nodes. */
static void append_cluster(struct buffer *out)
{
    info_field(out, "cluster_enabled", 0);
}

static info_expires_fn *find_expires;

void info_expires_set(info_expires_fn *fn)
{
    find_expires = fn;
}

/* One that is empty has no line. */
static void append_keyspace(struct buffer *out)
{
    for (int i = 0; i < db_count(); i++) {
        const struct db *db = db_at(i);
        size_t expires = 0;
        int64_t average_ttl_ms = 0;
        if (db_size(db) == 0)
            continue;
        if (find_expires)
            find_expires(db, &expires, &average_ttl_ms);
        buffer_printf(out, "db%d:keys=%zu,expires=%zu,avg_ttl=%lld\r\n", i,
                      db_size(db), expires, (long long)average_ttl_ms);
    }
}

/* Which of the collective names stand for a section. */
enum { IN_DEFAULT = 1, IN_ALL = 2, IN_EVERYTHING = 4 };
#define USUAL (IN_DEFAULT | IN_ALL | IN_EVERYTHING)

static struct section {
    const char *title;
    int sets;
    info_fn *append; /* NULL: all is in `more` */
    struct hooks more;
} sections[SECTIONS_MAX] = {
    {.title = "Server", .sets = USUAL, .append = append_server},
    {.title = "Clients", .sets = USUAL, .append = append_clients},
    {.title = "Memory", .sets = USUAL, .append = append_memory},
    {.title = "Persistence", .sets = USUAL, .append = append_persistence},
    {.title = "Stats", .sets = USUAL, .append = append_stats},
    {.title = "Replication", .sets = USUAL, .append = append_replication},
    {.title = "CPU", .sets = USUAL, .append = append_cpu},
    {.title = "Modules", .sets = USUAL, .append = append_nothing},
    {.title = "Commandstats",
     .sets = IN_ALL | IN_EVERYTHING,
     .append = append_commandstats},
    {.title = "Errorstats", .sets = USUAL, .append = append_errorstats},
    {.title = "Latencystats",
     .sets = IN_ALL | IN_EVERYTHING,
     .append = append_nothing},
    {.title = "Cluster", .sets = USUAL, .append = append_cluster},
    {.title = "Keyspace", .sets = USUAL, .append = append_keyspace},
};

/* Returns the line of that field among lines, or an empty slice. */
static struct slice find_field(struct slice lines, struct slice name)
{
    struct slice line;
    while (slice_split(&lines, '\n', &line)) {
        if (line.len > name.len && line.ptr[name.len] == ':' &&
            memcmp(line.ptr, name.ptr, name.len) == 0)
            return line;
    }
    return (struct slice){NULL, 0};
}

/* The name at the beginning of a line. */
static struct slice field_name(struct slice line)
{
    const char *colon = memchr(line.ptr, ':', line.len);
    return (struct slice){line.ptr, colon ? (size_t)(colon - line.ptr) : 0};
}

/* Appends the lines of `own`. A field that is in `other` too is taken from
 * there. */
static void append_overridden(struct buffer *out, struct slice own,
                              struct slice other)
{
    struct slice line;
    while (slice_split(&own, '\n', &line)) {
        struct slice newer = find_field(other, field_name(line));
        buffer_append_slice(out, newer.len > 0 ? newer : line);
        buffer_append_text(out, "\n");
    }
}

/* Appends the lines of `other` whose fields are not in `own`. */
static void append_added(struct buffer *out, struct slice own,
                         struct slice other)
{
    struct slice line;
    while (slice_split(&other, '\n', &line)) {
        if (find_field(own, field_name(line)).len > 0)
            continue;
        buffer_append_slice(out, line);
        buffer_append_text(out, "\n");
    }
}

/* Appends a section: its title and its fields, with those of other files. */
static void append_section(struct section *section, struct buffer *out)
{
    struct buffer own = {0}, other = {0};
    if (section->append)
        section->append(&own);
    hooks_call(&section->more, info_fn, &other);
    buffer_printf(out, "# %s\r\n", section->title);
    append_overridden(out, buffer_slice(&own), buffer_slice(&other));
    append_added(out, buffer_slice(&own), buffer_slice(&other));
    buffer_free(&own);
    buffer_free(&other);
}

void info_extend(const char *title, info_fn *fn)
{
    struct section *section = sections;
    while (section->title && !slice_is(slice_of(title), section->title))
        section++;
    assert(section < sections + SECTIONS_MAX - 1);
    if (!section->title)
        *section = (struct section){.title = title, .sets = USUAL};
    hooks_add(&section->more, (hook_fn *)fn);
}

void info_replace(const char *title, info_fn *fn)
{
    struct section *section = sections;
    while (!slice_is(slice_of(title), section->title))
        section++;
    section->append = fn;
}

/* Whether the words ask for the section; none asks for the default. */
static bool is_asked_for(const struct section *section, int count,
                         const struct slice *words)
{
    for (int i = 0; i < count; i++) {
        int set = slice_is(words[i], "default")      ? IN_DEFAULT
                  : slice_is(words[i], "all")        ? IN_ALL
                  : slice_is(words[i], "everything") ? IN_EVERYTHING
                                                     : 0;
        if (section->sets & set || slice_is(words[i], section->title))
            return true;
    }
    return count == 0 && section->sets & IN_DEFAULT;
}

/* INFO [section ...]: an unknown section adds nothing. */
static void info_command(struct client *c)
{
    struct buffer out = {0};
    for (struct section *s = sections; s->title; s++) {
        if (!is_asked_for(s, c->argc - 1, c->argv + 1))
            continue;
        if (out.len > 0)
            buffer_append_text(&out, "\r\n");
        append_section(s, &out);
    }
    reply_report(c, &out);
}

const struct command more_info_commands[] = {
    {.name = "info", .arity = -1, .handler = info_command},
    {.name = NULL},
};
