/* info: adds INFO, the server's state as lines that people and programs read.
 *
 *   # Clients
 *   connected_clients:1
 *
 * A section is a row, a field is a line of its section's function. Programs
 * find fields by their names and skip those they do not know. */
#include "more/02-keyspace/command/info.h"

#include <assert.h>
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
    info_text_field(out, "config_file", config_file());
    info_field(out, "io_threads_active", 0);
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
    info_field(out, "blocked_clients", 0);
    info_field(out, "tracking_clients", 0);
    info_field(out, "clients_in_timeout_table", 0);
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
    bytes_field(out, "total_system_memory", system_memory());
    ratio_field(out, "mem_fragmentation_ratio", (double)resident / (double)used,
                "");
    info_field(out, "mem_fragmentation_bytes",
               (int64_t)resident - (int64_t)used);
    info_field(out, "mem_clients_normal", (int64_t)clients_memory());
    info_text_field(out, "mem_allocator", "libc");
    info_field(out, "lazyfree_pending_objects", (int64_t)lazyfree_pending());
    info_field(out, "lazyfreed_objects", (int64_t)lazyfree_freed());
}

/* Whether the data is all there. */
static void append_persistence(struct buffer *out)
{
    info_field(out, "loading", 0);
    info_field(out, "async_loading", 0);
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
    ratio_field(out, "instantaneous_input_kbps", input / 1024, "");
    ratio_field(out, "instantaneous_output_kbps", output / 1024, "");
}

/* What has been counted since the start or CONFIG RESETSTAT. */
static void append_stats(struct buffer *out)
{
    info_field(out, "total_connections_received",
               traffic_stats.connections_received);
    info_field(out, "total_commands_processed", stats_calls);
    append_traffic(out);
    info_field(out, "rejected_connections", traffic_stats.connections_rejected);
    info_field(out, "keyspace_hits", keyspace_stats.hits);
    info_field(out, "keyspace_misses", keyspace_stats.misses);
    info_field(out, "unexpected_error_replies", 0);
    info_field(out, "total_error_replies", stats_errors);
    info_field(out, "total_reads_processed", traffic_stats.reads);
    info_field(out, "total_writes_processed", traffic_stats.writes);
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

/* There are no modules: the section has a title only. */
static void append_modules(struct buffer *out)
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
    {.title = "Modules",
     .sets = IN_DEFAULT | IN_EVERYTHING,
     .append = append_modules},
    {.title = "Commandstats",
     .sets = IN_ALL | IN_EVERYTHING,
     .append = append_commandstats},
    {.title = "Errorstats", .sets = USUAL, .append = append_errorstats},
    {.title = "Cluster", .sets = USUAL, .append = append_cluster},
    {.title = "Keyspace", .sets = USUAL, .append = append_keyspace},
};

/* Appends a section: its title, its own fields, then those of other files. */
static void append_section(struct section *section, struct buffer *out)
{
    buffer_printf(out, "# %s\r\n", section->title);
    if (section->append)
        section->append(out);
    hooks_call(&section->more, info_fn, out);
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
