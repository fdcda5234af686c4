/* info: the server's state, as lines that people and programs read.
 *
 *   # Clients
 *   connected_clients:1
 *
 * A section is a row, a field is a line of its section's function. Programs
 * look fields up by name and skip those they do not know. */
#include "command/info.h"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "command/call.h"
#include "command/command.h"
#include "command/families.h"
#include "command/rates.h"
#include "common/buffer.h"
#include "common/clock.h"
#include "common/numbers.h"
#include "common/random.h"
#include "common/version.h"
#include "common/zmalloc.h"
#include "config_change.h"
#include "net/client.h"
#include "net/error_stats.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "net/server.h"
#include "process.h"
#include "store/keyspace.h"
#include "store/lazyfree.h"

enum { RUN_ID_HEX = 40, SECONDS_A_DAY = 24 * 60 * 60 };

static size_t memory_at_start;

void info_open(void)
{
    memory_at_start = zmalloc_used_memory();
    rates_start();
}

/* A field is one line; the functions differ in what the value is. */
static void text_field(struct buffer *out, const char *name, const char *value)
{
    buffer_printf(out, "%s:%s\r\n", name, value);
}

/* "name:value", a line of INFO. */
static void field(struct buffer *out, const char *name, int64_t value)
{
    buffer_printf(out, "%s:%lld\r\n", name, (long long)value);
}

/* Two digits behind the point, then the unit. */
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
    field(out, name, (int64_t)bytes);
    buffer_printf(out, "%s_human:%s\r\n", name, human);
}

/* Seconds with six digits behind the point. */
static void time_field(struct buffer *out, const char *name, struct timeval t)
{
    buffer_printf(out, "%s:%ld.%06ld\r\n", name, (long)t.tv_sec,
                  (long)t.tv_usec);
}

/* A parameter under the name of a field. */
static void config_field(struct buffer *out, const char *name,
                         const char *parameter)
{
    buffer_printf(out, "%s:", name);
    config_format(config_find(slice_of(parameter)), out);
    buffer_append_text(out, "\r\n");
}

/* Drawn once: another one tells that the server was started again. */
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
    text_field(out, "redis_version", REDIS_VERSION);
    text_field(out, "redis_git_sha1", "00000000");
    field(out, "redis_git_dirty", 0);
    text_field(out, "redis_mode", "standalone");
    buffer_printf(out, "os:%s %s %s\r\n", os.sysname, os.release, os.machine);
    field(out, "arch_bits", (int64_t)sizeof(void *) * 8);
    text_field(out, "monotonic_clock", "POSIX clock_gettime");
    text_field(out, "multiplexing_api", event_backend_name());
    field(out, "process_id", getpid());
    text_field(out, "process_supervised", "no");
    text_field(out, "run_id", run_id());
    config_field(out, "tcp_port", "port");
    field(out, "server_time_usec", clock_us());
    int64_t uptime_s = process_uptime_ms() / 1000;
    field(out, "uptime_in_seconds", uptime_s);
    field(out, "uptime_in_days", uptime_s / SECONDS_A_DAY);
    config_field(out, "hz", "hz");
    config_field(out, "configured_hz", "hz");
    text_field(out, "config_file", config_file());
    field(out, "io_threads_active", 0);
}

/* The longest buffers that a client has now. */
static void append_longest_buffers(struct buffer *out)
{
    size_t input = 0, output = 0;
    for (const struct client *c = client_first(); c; c = c->next) {
        input = c->input.len > input ? c->input.len : input;
        output = c->output.pending > output ? c->output.pending : output;
    }
    field(out, "client_recent_max_input_buffer", (int64_t)input);
    field(out, "client_recent_max_output_buffer", (int64_t)output);
}

/* Who is connected. */
static void append_clients(struct buffer *out)
{
    field(out, "connected_clients", client_count());
    field(out, "cluster_connections", 0);
    config_field(out, "maxclients", "maxclients");
    append_longest_buffers(out);
    field(out, "blocked_clients", 0);
    field(out, "tracking_clients", 0);
    field(out, "clients_in_timeout_table", 0);
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
        bytes += dict_table_bytes(&db_at(i)->keys);
    return bytes;
}

/* What of the memory in use is data. A table that shrinks while the sizes are
 * asked for must not make it negative. */
static void append_dataset(struct buffer *out, size_t used)
{
    size_t other = overhead();
    size_t data = used > other ? used - other : 0;
    size_t grown = used > memory_at_start ? used - memory_at_start : 1;
    field(out, "used_memory_overhead", (int64_t)other);
    field(out, "used_memory_startup", (int64_t)memory_at_start);
    field(out, "used_memory_dataset", (int64_t)data);
    ratio_field(out, "used_memory_dataset_perc",
                (double)data * 100 / (double)grown, "%");
}

/* What the machine has, in use or not. */
static size_t system_memory(void)
{
    return (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
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
    field(out, "mem_fragmentation_bytes", (int64_t)resident - (int64_t)used);
    field(out, "mem_clients_normal", (int64_t)clients_memory());
    text_field(out, "mem_allocator", "libc");
    field(out, "lazyfree_pending_objects", (int64_t)lazyfree_pending());
    field(out, "lazyfreed_objects", (int64_t)lazyfree_freed());
}

/* Whether the data is all there. */
static void append_persistence(struct buffer *out)
{
    field(out, "loading", 0);
    field(out, "async_loading", 0);
}

/* How much went over the network, and how much does in a second. */
static void append_traffic(struct buffer *out)
{
    double input = (double)rate_per_second(RATE_INPUT_BYTES);
    double output = (double)rate_per_second(RATE_OUTPUT_BYTES);
    field(out, "instantaneous_ops_per_sec", rate_per_second(RATE_COMMANDS));
    field(out, "total_net_input_bytes", net_stats.input_bytes);
    field(out, "total_net_output_bytes", net_stats.output_bytes);
    ratio_field(out, "instantaneous_input_kbps", input / 1024, "");
    ratio_field(out, "instantaneous_output_kbps", output / 1024, "");
}

/* What has been counted since the start or CONFIG RESETSTAT. */
static void append_stats(struct buffer *out)
{
    field(out, "total_connections_received", net_stats.connections_received);
    field(out, "total_commands_processed", calls_total);
    append_traffic(out);
    field(out, "rejected_connections", net_stats.connections_rejected);
    field(out, "keyspace_hits", keyspace_stats.hits);
    field(out, "keyspace_misses", keyspace_stats.misses);
    field(out, "unexpected_error_replies", 0);
    field(out, "total_error_replies", reply_errors);
    field(out, "total_reads_processed", net_stats.reads);
    field(out, "total_writes_processed", net_stats.writes);
}

/* Which part the server plays among others. */
static void append_replication(struct buffer *out)
{
    text_field(out, "role", "master");
    field(out, "connected_slaves", 0);
    field(out, "master_repl_offset", 0);
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

/* One that was never called has no line. */
static void append_command(struct buffer *out, const struct command *row)
{
    const struct command_stats *s =
        command_stats(command_find(slice_of(row->name)));
    if (s->calls == 0 && s->rejected == 0 && s->failed == 0)
        return;
    buffer_printf(out,
                  "cmdstat_%s:calls=%lld,usec=%lld,usec_per_call=%.2f,"
                  "rejected_calls=%lld,failed_calls=%lld\r\n",
                  row->name, (long long)s->calls, (long long)s->usec,
                  s->calls == 0 ? 0 : (double)s->usec / (double)s->calls,
                  (long long)s->rejected, (long long)s->failed);
}

/* In the order of the families. */
static void append_commandstats(struct buffer *out)
{
    for (const struct command_family *f = command_families; f->group; f++) {
        for (const struct command *row = f->commands; row->name; row++)
            append_command(out, row);
    }
}

/* A line for each code that was answered. */
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
    field(out, "cluster_enabled", 0);
}

/* One that is empty has no line. */
static void append_keyspace(struct buffer *out)
{
    for (int i = 0; i < db_count(); i++) {
        size_t keys = db_size(db_at(i));
        if (keys > 0)
            buffer_printf(out, "db%d:keys=%zu,expires=0,avg_ttl=0\r\n", i,
                          keys);
    }
}

/* Which of the collective names stand for a section. */
enum { IN_DEFAULT = 1, IN_ALL = 2, IN_EVERYTHING = 4 };
#define USUAL (IN_DEFAULT | IN_ALL | IN_EVERYTHING)

static const struct section {
    const char *title;
    int sets;
    void (*append)(struct buffer *out);
} sections[] = {
    {"Server", USUAL, append_server},
    {"Clients", USUAL, append_clients},
    {"Memory", USUAL, append_memory},
    {"Persistence", USUAL, append_persistence},
    {"Stats", USUAL, append_stats},
    {"Replication", USUAL, append_replication},
    {"CPU", USUAL, append_cpu},
    {"Modules", IN_DEFAULT | IN_EVERYTHING, append_modules},
    {"Commandstats", IN_ALL | IN_EVERYTHING, append_commandstats},
    {"Errorstats", USUAL, append_errorstats},
    {"Cluster", USUAL, append_cluster},
    {"Keyspace", USUAL, append_keyspace},
};

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

/* INFO [section ...]; an unknown section says nothing. */
static void info_command(struct client *c)
{
    struct buffer out = {0};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        if (!is_asked_for(&sections[i], c->argc - 1, c->argv + 1))
            continue;
        if (out.len > 0)
            buffer_append_text(&out, "\r\n");
        buffer_printf(&out, "# %s\r\n", sections[i].title);
        sections[i].append(&out);
    }
    reply_verbatim(c, "txt", buffer_slice(&out));
    buffer_free(&out);
}

const struct command info_commands[] = {
    {"info", -1, CMD_LOADING | CMD_STALE, NO_KEYS, info_command,
     "Tells about the server, in sections."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
