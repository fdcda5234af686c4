/* inert: adds the parameters of Redis that have no effect here, so that a file
 * which was written for Redis starts this server, too.
 *
 * Each has the type, the default and the bounds that it has in Redis. Its value
 * is kept for CONFIG GET and CONFIG REWRITE, and is not read. Where a user
 * would rely on the effect, as with a log of all writes or encryption, no value
 * but the default is taken. A row of the same name, from wherever, takes the
 * place of one of these. */
#include "more/01-event-loop/net/inert.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "common/numbers.h"

enum {
    FREE = CONFIG_INERT,
    FIXED = CONFIG_INERT | CONFIG_IMMUTABLE,
    WORDS = CONFIG_INERT | CONFIG_WORDS,
    OLD = CONFIG_INERT | CONFIG_DIRECTIVE,
    HIDDEN = CONFIG_INERT | CONFIG_HIDDEN,
    UNSIGNED = CONFIG_INERT | CONFIG_UNSIGNED,
    REFUSED = CONFIG_INERT | CONFIG_UNCHANGED,
    FIXED_REFUSED = FIXED | CONFIG_UNCHANGED
};

/* Each row brings the place of its value along. */
#define ROW(kind, c_type, row_name, row_flags, text)                 \
    .name = (row_name), .type = CONFIG_##kind, .flags = (row_flags), \
    .value = &(c_type){0}, .fallback = (text)
#define BOOL(name, flags, text) ROW(BOOL, bool, name, flags, text)
#define TEXT(name, flags, text) ROW(TEXT, char *, name, flags, text)
#define CHOICE(name, flags, text, row_choices) \
    ROW(CHOICE, int, name, flags, text), .choices = (row_choices)
#define INTEGER(name, flags, text, least, most) \
    ROW(INTEGER, int64_t, name, flags, text), .min = (least), .max = (most)
#define BYTES(name, flags, text, least, most) \
    ROW(BYTES, int64_t, name, flags, text), .min = (least), .max = (most)

static const struct choice channel_choices[] = {
    {"allchannels", 1},
    {"resetchannels", 0},
    {NULL, 0},
};

static const struct choice fsync_choices[] = {
    {"everysec", 2},
    {"always", 1},
    {"no", 0},
    {NULL, 0},
};

static const struct choice endpoint_choices[] = {
    {"ip", 0},
    {"hostname", 1},
    {"unknown-endpoint", 2},
    {NULL, 0},
};

static const struct choice access_choices[] = {
    {"no", 0},
    {"yes", 1},
    {"local", 2},
    {NULL, 0},
};

static const struct choice oom_score_choices[] = {
    {"no", 0}, {"yes", 1}, {"relative", 1}, {"absolute", 2}, {NULL, 0},
};

static const struct choice policy_choices[] = {
    {"volatile-lru", 0},   {"volatile-lfu", 1}, {"volatile-random", 2},
    {"volatile-ttl", 3},   {"allkeys-lru", 4},  {"allkeys-lfu", 5},
    {"allkeys-random", 6}, {"noeviction", 7},   {NULL, 0},
};

static const struct choice propagation_choices[] = {
    {"ignore", 0},
    {"panic", 1},
    {"panic-on-replicas", 2},
    {NULL, 0},
};

static const struct choice diskless_choices[] = {
    {"disabled", 0},
    {"on-empty-db", 1},
    {"swapdb", 2},
    {NULL, 0},
};

static const struct choice sanitize_choices[] = {
    {"no", 0},
    {"yes", 1},
    {"clients", 2},
    {NULL, 0},
};

static const struct choice supervised_choices[] = {
    {"upstart", 3}, {"systemd", 2}, {"auto", 1}, {"no", 0}, {NULL, 0},
};

static const struct choice facility_choices[] = {
    {"user", 8},   {"local0", 0}, {"local1", 1}, {"local2", 2}, {"local3", 3},
    {"local4", 4}, {"local5", 5}, {"local6", 6}, {"local7", 7}, {NULL, 0},
};

static const struct choice tls_auth_choices[] = {
    {"no", 0},
    {"yes", 1},
    {"optional", 2},
    {NULL, 0},
};

/* A name in the working directory. */
static bool accept_name(struct slice name, const char *parameter,
                        const char *kind, const char **error)
{
    return !memchr(name.ptr, '/', name.len) ||
           config_fail(error, "%s can't be a path, just a %s", parameter, kind);
}

static bool accept_snapshot(const struct slice *words, int count,
                            const char **error)
{
    (void)count;
    return accept_name(words[0], "dbfilename", "filename", error);
}

static bool accept_log(const struct slice *words, int count, const char **error)
{
    (void)count;
    if (words[0].len == 0)
        return config_fail(error, "appendfilename can't be empty");
    return accept_name(words[0], "appendfilename", "filename", error);
}

static bool accept_log_directory(const struct slice *words, int count,
                                 const char **error)
{
    (void)count;
    if (words[0].len == 0)
        return config_fail(error, "appenddirname can't be empty");
    return accept_name(words[0], "appenddirname", "dirname", error);
}

/* Text in which {name} stands for one of a few values, and {{ for a brace. */
static bool accept_title(const struct slice *words, int count,
                         const char **error)
{
    static const struct choice names[] = {
        {"title", 0},    {"listen-addr", 0}, {"server-mode", 0}, {"port", 0},
        {"tls-port", 0}, {"unixsocket", 0},  {"config-file", 0}, {NULL, 0},
    };
    (void)count;
    struct slice rest = words[0], text, name;
    bool is_known = rest.len > 0;
    while (is_known && slice_split(&rest, '{', &text) && rest.len > 0) {
        if (rest.ptr[0] == '{') {
            rest = (struct slice){rest.ptr + 1, rest.len - 1};
            continue;
        }
        is_known = memchr(rest.ptr, '}', rest.len) &&
                   slice_split(&rest, '}', &name) && choice_find(names, name);
    }
    return is_known ||
           config_fail(error, "template format is invalid or contains unknown "
                              "variables");
}

/* A name of a host: letters, digits, hyphens and dots. */
static bool accept_host(const struct slice *words, int count,
                        const char **error)
{
    (void)count;
    for (size_t i = 0; i < words[0].len; i++) {
        unsigned char byte = (unsigned char)words[0].ptr[i];
        if (!isalnum(byte) && byte != '-' && byte != '.')
            return config_fail(error, "Hostnames may only contain alphanumeric "
                                      "characters, hyphens or dots");
    }
    return true;
}

/* Letters that stand for classes of events. */
static bool accept_events(const struct slice *words, int count,
                          const char **error)
{
    (void)count;
    for (size_t i = 0; i < words[0].len && words[0].ptr[i]; i++) {
        if (!strchr("Ag$lshzxeKEtmdn", words[0].ptr[i]))
            return config_fail(error, "Invalid event class character. Use "
                                      "'Ag$lshzxeKEtmdn'.");
    }
    return true;
}

/* The scores of a primary, a replica and a child. */
static bool accept_scores(const struct slice *words, int count,
                          const char **error)
{
    if (count != 3)
        return config_fail(error, "wrong number of arguments");
    for (int i = 0; i < count; i++) {
        int64_t score;
        if (!parse_int64(words[i], &score) || score < -2000 || score > 2000)
            return config_fail(error, "Invalid oom-score-adj-values, elements "
                                      "must be between -2000 and 2000.");
    }
    return true;
}

/* Numbers from 0 to 100; a single empty word stands for none. */
static bool accept_percentiles(const struct slice *words, int count,
                               const char **error)
{
    for (int i = 0; i < count && !(count == 1 && words[0].len == 0); i++) {
        double percent;
        if (!parse_double(words[i], &percent))
            return config_fail(error, "Invalid latency-tracking-info-"
                                      "percentiles parameters");
        if (percent < 0 || percent > 100)
            return config_fail(error,
                               "latency-tracking-info-percentiles parameters "
                               "should sit between [0.0,100.0]");
    }
    return true;
}

/* The options of SHUTDOWN; the bit of a word is its place. */
static const char *const shutdown_words[] = {"default", "save",  "nosave",
                                             "now",     "force", NULL};
static unsigned on_sigint, on_sigterm;

/* Returns the bit of a word, 0 for one that is none. */
static unsigned shutdown_bit(struct slice word)
{
    for (int i = 0; shutdown_words[i]; i++) {
        if (slice_is(word, shutdown_words[i]))
            return 1U << i;
    }
    return 0;
}

static bool set_shutdown(unsigned *options, const struct slice *words,
                         int count, const char **error)
{
    const unsigned both = 1U << 1 | 1U << 2; /* save and nosave */
    unsigned set = 0;
    bool is_known = count > 0;
    for (int i = 0; i < count; i++) {
        is_known &= shutdown_bit(words[i]) != 0;
        set |= shutdown_bit(words[i]);
    }
    if (!is_known)
        return config_fail(error, "argument(s) must be one of the following: "
                                  "default, save, nosave, now, force");
    if ((set & both) == both)
        return config_fail(error, "shutdown options SAVE and NOSAVE can't be "
                                  "used simultaneously");
    *options = set & ~1U; /* the default is none */
    return true;
}

/* Appends the words in the order of the table, in which they came or not. */
static void get_shutdown(unsigned options, struct buffer *out)
{
    if (!options)
        options = 1;
    for (int i = 0; shutdown_words[i]; i++) {
        if (options & 1U << i)
            buffer_printf(out, "%s%s", options & ((1U << i) - 1) ? " " : "",
                          shutdown_words[i]);
    }
}

static bool set_on_sigint(const struct slice *words, int count,
                          const char **error)
{
    return set_shutdown(&on_sigint, words, count, error);
}

static bool set_on_sigterm(const struct slice *words, int count,
                           const char **error)
{
    return set_shutdown(&on_sigterm, words, count, error);
}

static void get_on_sigint(struct buffer *out)
{
    get_shutdown(on_sigint, out);
}

static void get_on_sigterm(struct buffer *out)
{
    get_shutdown(on_sigterm, out);
}

/* A size, or a share of maxmemory: 5%. */
static bool accept_client_memory(const struct slice *words, int count,
                                 const char **error)
{
    uint64_t bytes;
    int64_t percent;
    struct slice word = words[0];
    (void)count;
    if (word.len > 1 && word.ptr[word.len - 1] == '%' &&
        parse_int64((struct slice){word.ptr, word.len - 1}, &percent) &&
        percent >= 0)
        return percent <= 100 ||
               config_fail(error, "percentage argument must be less or equal "
                                  "to 100");
    return parse_memory(word, &bytes) ||
           config_fail(error, "argument must be a memory or percent value");
}

/* replicaof host port: only a server that follows none is what it seems to
 * be. */
static bool set_primary(const struct slice *words, int count,
                        const char **error)
{
    if (count != 2)
        return config_fail(error, "wrong number of arguments");
    return (slice_is(words[0], "no") && slice_is(words[1], "one")) ||
           config_fail(error, "this server cannot be a replica");
}

/* There is none, which is an empty value and no line of a file. */
static void get_primary(struct buffer *out)
{
    (void)out;
}

/* `save seconds changes ...`, as text; "": never. */
static struct buffer save_points;

static bool set_save(const struct slice *words, int count, const char **error)
{
    static bool is_read; /* lines add up; the first one replaces the default */
    int64_t number;
    bool clears = count == 1 && words[0].len == 0;
    if (clears)
        count = 0;
    for (int i = 0; i < count; i++) {
        if (count % 2 != 0 || !parse_int64(words[i], &number) ||
            number < (i % 2 == 0))
            return config_fail(error, "Invalid save parameters");
    }
    if (!config_is_loading() || !is_read || clears)
        save_points.len = 0;
    is_read |= config_is_loading();
    for (int i = 0; i < count; i++) {
        buffer_append_text(&save_points, save_points.len > 0 ? " " : "");
        buffer_append_slice(&save_points, words[i]);
    }
    return true;
}

static void get_save(struct buffer *out)
{
    buffer_append_slice(out, buffer_slice(&save_points));
}

/* A line for each pair. */
static void rewrite_save(struct buffer *out)
{
    struct slice rest = buffer_slice(&save_points), seconds, changes;
    if (rest.len == 0)
        buffer_append_text(out, "save \"\"\n");
    while (slice_split(&rest, ' ', &seconds) &&
           slice_split(&rest, ' ', &changes))
        buffer_printf(out, "save %.*s %.*s\n", (int)seconds.len, seconds.ptr,
                      (int)changes.len, changes.ptr);
}

const struct config_row more_inert_config[] = {
    /* Snapshots and the log of writes. */
    {.name = "save",
     .type = CONFIG_SPECIAL,
     .flags = WORDS,
     .fallback = "3600 1 300 100 60 10000",
     .set = set_save,
     .get = get_save,
     .rewrite = rewrite_save},
    {TEXT("dbfilename", FREE | CONFIG_PROTECTED, "dump.rdb"),
     .accept = accept_snapshot},
    {BOOL("rdbcompression", FREE, "yes")},
    {BOOL("rdbchecksum", FIXED, "yes")},
    {BOOL("rdb-del-sync-files", FREE, "no")},
    {BOOL("rdb-save-incremental-fsync", FREE, "yes")},
    {INTEGER("rdb-key-save-delay", HIDDEN, "0", INT_MIN, INT_MAX)},
    {INTEGER("key-load-delay", HIDDEN, "0", INT_MIN, INT_MAX)},
    {BYTES("loading-process-events-interval-bytes", HIDDEN, "2mb", 1024,
           INT_MAX)},
    {BOOL("stop-writes-on-bgsave-error", FREE, "yes")},
    {CHOICE("sanitize-dump-payload", FREE, "no", sanitize_choices)},
    {BOOL("appendonly", REFUSED, "no")},
    {TEXT("appendfilename", FIXED, "appendonly.aof"), .accept = accept_log},
    {TEXT("appenddirname", FIXED, "appendonlydir"),
     .accept = accept_log_directory},
    {CHOICE("appendfsync", FREE, "everysec", fsync_choices)},
    {BOOL("no-appendfsync-on-rewrite", FREE, "no")},
    {INTEGER("auto-aof-rewrite-percentage", FREE, "100", 0, INT_MAX)},
    {BYTES("auto-aof-rewrite-min-size", FREE, "64mb", 0, INT64_MAX)},
    {BOOL("aof-disable-auto-gc", FREE, "no")},
    {BOOL("aof-load-truncated", FREE, "yes")},
    {BOOL("aof-rewrite-incremental-fsync", FREE, "yes")},
    {BOOL("aof-timestamp-enabled", FREE, "no")},
    {BOOL("aof-use-rdb-preamble", FREE, "yes")},

    /* Replicas. */
    {.name = "replicaof",
     .alias = "slaveof",
     .type = CONFIG_SPECIAL,
     .flags = WORDS | CONFIG_IMMUTABLE,
     .set = set_primary,
     .get = get_primary,
     .rewrite = get_primary},
    {TEXT("masterauth", FREE | CONFIG_SECRET, "")},
    {TEXT("masteruser", FREE | CONFIG_SECRET, "")},
    {BOOL("replica-serve-stale-data", FREE, "yes"),
     .alias = "slave-serve-stale-data"},
    {BOOL("replica-read-only", FREE, "yes"), .alias = "slave-read-only"},
    {BOOL("replica-ignore-maxmemory", FREE, "yes"),
     .alias = "slave-ignore-maxmemory"},
    {BOOL("replica-ignore-disk-write-errors", FREE, "no")},
    {BOOL("replica-lazy-flush", FREE, "no"), .alias = "slave-lazy-flush"},
    {BOOL("replica-announced", FREE, "yes")},
    {TEXT("replica-announce-ip", FREE, ""), .alias = "slave-announce-ip"},
    {INTEGER("replica-announce-port", FREE, "0", 0, 65535),
     .alias = "slave-announce-port"},
    {INTEGER("replica-priority", FREE, "100", 0, INT_MAX),
     .alias = "slave-priority"},
    {INTEGER("min-replicas-to-write", FREE, "0", 0, INT_MAX),
     .alias = "min-slaves-to-write"},
    {INTEGER("min-replicas-max-lag", FREE, "10", 0, INT_MAX),
     .alias = "min-slaves-max-lag"},
    {BYTES("repl-backlog-size", FREE, "1mb", 1, INT64_MAX)},
    {INTEGER("repl-backlog-ttl", FREE, "3600", 0, INT64_MAX)},
    {BOOL("repl-disable-tcp-nodelay", FREE, "no")},
    {CHOICE("repl-diskless-load", FREE, "disabled", diskless_choices)},
    {BOOL("repl-diskless-sync", FREE, "yes")},
    {INTEGER("repl-diskless-sync-delay", FREE, "5", 0, INT_MAX)},
    {INTEGER("repl-diskless-sync-max-replicas", FREE, "0", 0, INT_MAX)},
    {INTEGER("repl-ping-replica-period", FREE, "10", 1, INT_MAX),
     .alias = "repl-ping-slave-period"},
    {INTEGER("repl-timeout", FREE, "60", 1, INT_MAX)},
    {CHOICE("propagation-error-behavior", FREE, "ignore", propagation_choices)},

    /* The cluster. */
    {BOOL("cluster-enabled", FIXED_REFUSED, "no")},
    {TEXT("cluster-config-file", FIXED, "nodes.conf")},
    {INTEGER("cluster-port", FIXED, "0", 0, 65535)},
    {INTEGER("cluster-node-timeout", FREE, "15000", 0, INT64_MAX)},
    {INTEGER("cluster-migration-barrier", FREE, "1", 0, INT_MAX)},
    {INTEGER("cluster-replica-validity-factor", FREE, "10", 0, INT_MAX),
     .alias = "cluster-slave-validity-factor"},
    {BOOL("cluster-replica-no-failover", FREE, "no"),
     .alias = "cluster-slave-no-failover"},
    {BOOL("cluster-require-full-coverage", FREE, "yes")},
    {BOOL("cluster-allow-reads-when-down", FREE, "no")},
    {BOOL("cluster-allow-pubsubshard-when-down", FREE, "yes")},
    {BOOL("cluster-allow-replica-migration", FREE, "yes")},
    {BYTES("cluster-link-sendbuf-limit", UNSIGNED, "0", 0, -1)},
    {TEXT("cluster-announce-ip", FREE, "")},
    {TEXT("cluster-announce-hostname", FREE, ""), .accept = accept_host},
    {INTEGER("cluster-announce-port", FREE, "0", 0, 65535)},
    {INTEGER("cluster-announce-tls-port", FREE, "0", 0, 65535)},
    {INTEGER("cluster-announce-bus-port", FREE, "0", 0, 65535)},
    {CHOICE("cluster-preferred-endpoint-type", FREE, "ip", endpoint_choices)},

    /* Who may do what. */
    {TEXT("aclfile", FIXED_REFUSED, "")},
    {INTEGER("acllog-max-len", FREE, "128", 0, INT64_MAX)},
    {CHOICE("acl-pubsub-default", FREE, "resetchannels", channel_choices)},
    {CHOICE("enable-debug-command", FIXED, "no", access_choices)},
    {CHOICE("enable-module-command", FIXED, "no", access_choices)},
    {CHOICE("enable-protected-configs", FIXED, "no", access_choices)},

    /* Encryption. */
    {INTEGER("tls-port", REFUSED, "0", 0, 65535)},
    {BOOL("tls-cluster", REFUSED, "no")},
    {BOOL("tls-replication", REFUSED, "no")},
    {CHOICE("tls-auth-clients", REFUSED, "yes", tls_auth_choices)},
    {TEXT("tls-cert-file", REFUSED, "")},
    {TEXT("tls-key-file", REFUSED, "")},
    {TEXT("tls-key-file-pass", REFUSED | CONFIG_SECRET, "")},
    {TEXT("tls-client-cert-file", REFUSED, "")},
    {TEXT("tls-client-key-file", REFUSED, "")},
    {TEXT("tls-client-key-file-pass", REFUSED | CONFIG_SECRET, "")},
    {TEXT("tls-dh-params-file", REFUSED, "")},
    {TEXT("tls-ca-cert-file", REFUSED, "")},
    {TEXT("tls-ca-cert-dir", REFUSED, "")},
    {TEXT("tls-protocols", REFUSED, "")},
    {TEXT("tls-ciphers", REFUSED, "")},
    {TEXT("tls-ciphersuites", REFUSED, "")},
    {BOOL("tls-prefer-server-ciphers", REFUSED, "no")},
    {BOOL("tls-session-caching", REFUSED, "yes")},
    {INTEGER("tls-session-cache-size", REFUSED, "20480", 0, INT_MAX)},
    {INTEGER("tls-session-cache-timeout", REFUSED, "300", 0, INT_MAX)},

    /* Keys and their encodings. */
    {INTEGER("databases", FIXED, "16", 1, INT_MAX)},
    {BOOL("activerehashing", FREE, "yes")},
    {INTEGER("active-expire-effort", FREE, "1", 1, 10)},
    {INTEGER("hash-max-listpack-entries", FREE, "512", 0, INT64_MAX),
     .alias = "hash-max-ziplist-entries"},
    {BYTES("hash-max-listpack-value", FREE, "64", 0, INT64_MAX),
     .alias = "hash-max-ziplist-value"},
    {INTEGER("list-max-listpack-size", FREE, "-2", INT_MIN, INT_MAX),
     .alias = "list-max-ziplist-size"},
    {INTEGER("list-compress-depth", FREE, "0", 0, INT_MAX)},
    {INTEGER("set-max-intset-entries", FREE, "512", 0, INT64_MAX)},
    {INTEGER("zset-max-listpack-entries", FREE, "128", 0, INT64_MAX),
     .alias = "zset-max-ziplist-entries"},
    {BYTES("zset-max-listpack-value", FREE, "64", 0, INT64_MAX),
     .alias = "zset-max-ziplist-value"},
    {BYTES("hll-sparse-max-bytes", FREE, "3000", 0, INT64_MAX)},
    {BYTES("stream-node-max-bytes", FREE, "4kb", 0, INT64_MAX)},
    {INTEGER("stream-node-max-entries", FREE, "100", 0, INT64_MAX)},
    {TEXT("notify-keyspace-events", FREE, ""), .accept = accept_events},

    /* Memory. */
    {BYTES("maxmemory", REFUSED | CONFIG_UNSIGNED, "0", 0, -1)},
    {CHOICE("maxmemory-policy", FREE, "noeviction", policy_choices)},
    {INTEGER("maxmemory-samples", FREE, "5", 1, INT_MAX)},
    {INTEGER("maxmemory-eviction-tenacity", FREE, "10", 0, 100)},
    {TEXT("maxmemory-clients", FREE, "0"), .accept = accept_client_memory},
    {INTEGER("lfu-log-factor", FREE, "10", 0, INT_MAX)},
    {INTEGER("lfu-decay-time", FREE, "1", 0, INT_MAX)},
    {BOOL("lazyfree-lazy-eviction", FREE, "no")},
    {BOOL("lazyfree-lazy-expire", FREE, "no")},
    {BOOL("lazyfree-lazy-server-del", FREE, "no")},
    {BOOL("lazyfree-lazy-user-del", FREE, "no")},
    {BOOL("lazyfree-lazy-user-flush", FREE, "no")},
    {BOOL("activedefrag", REFUSED, "no")},
    {INTEGER("active-defrag-cycle-min", FREE, "1", 1, 99)},
    {INTEGER("active-defrag-cycle-max", FREE, "25", 1, 99)},
    {BYTES("active-defrag-ignore-bytes", FREE, "100mb", 1, INT64_MAX)},
    {INTEGER("active-defrag-max-scan-fields", FREE, "1000", 1, INT64_MAX)},
    {INTEGER("active-defrag-threshold-lower", FREE, "10", 0, 1000)},
    {INTEGER("active-defrag-threshold-upper", FREE, "100", 0, 1000)},
    {BOOL("jemalloc-bg-thread", FREE, "yes")},
    {INTEGER("tracking-table-max-keys", FREE, "1000000", 0, INT64_MAX)},

    /* What is measured. */
    {INTEGER("slowlog-log-slower-than", FREE, "10000", -1, INT64_MAX)},
    {INTEGER("slowlog-max-len", FREE, "128", 0, INT64_MAX)},
    {INTEGER("latency-monitor-threshold", FREE, "0", 0, INT64_MAX)},
    {BOOL("latency-tracking", FREE, "yes")},
    {TEXT("latency-tracking-info-percentiles", WORDS | CONFIG_ALWAYS,
          "50 99 99.9"),
     .accept = accept_percentiles},
    {INTEGER("busy-reply-threshold", FREE, "5000", 0, INT64_MAX),
     .alias = "lua-time-limit"},
    {INTEGER("watchdog-period", HIDDEN, "0", 0, INT_MAX)},

    /* The process and the system. */
    {INTEGER("hz", FREE, "10", 0, INT_MAX)},
    {BOOL("dynamic-hz", FREE, "yes")},
    {INTEGER("io-threads", FIXED, "1", 1, 128)},
    {BOOL("io-threads-do-reads", FIXED, "no")},
    {TEXT("server_cpulist", FIXED, "")},
    {TEXT("bio_cpulist", FIXED, "")},
    {TEXT("aof_rewrite_cpulist", FIXED, "")},
    {TEXT("bgsave_cpulist", FIXED, "")},
    {TEXT("bind-source-addr", FREE, "")},
    {INTEGER("socket-mark-id", FIXED | CONFIG_UNSIGNED, "0", 0, UINT_MAX)},
    {BOOL("always-show-logo", FIXED, "no")},
    {BOOL("set-proc-title", FIXED, "yes")},
    {TEXT("proc-title-template", FREE, "{title} {listen-addr} {server-mode}"),
     .accept = accept_title},
    {CHOICE("supervised", FIXED, "no", supervised_choices)},
    {BOOL("syslog-enabled", FIXED, "no")},
    {TEXT("syslog-ident", FIXED, "redis")},
    {CHOICE("syslog-facility", FIXED, "local0", facility_choices)},
    {BOOL("crash-log-enabled", FREE, "yes")},
    {BOOL("crash-memcheck-enabled", FREE, "yes")},
    {BOOL("use-exit-on-panic", HIDDEN, "no")},
    {BOOL("disable-thp", FIXED, "yes")},
    {TEXT("ignore-warnings", FREE, "")},
    {CHOICE("oom-score-adj", FREE, "no", oom_score_choices)},
    {TEXT("oom-score-adj-values", WORDS, "0 200 800"), .accept = accept_scores},
    {.name = "shutdown-on-sigint",
     .type = CONFIG_SPECIAL,
     .flags = WORDS,
     .get = get_on_sigint,
     .set = set_on_sigint},
    {.name = "shutdown-on-sigterm",
     .type = CONFIG_SPECIAL,
     .flags = WORDS,
     .get = get_on_sigterm,
     .set = set_on_sigterm},
    {INTEGER("shutdown-timeout", FREE, "10", 0, INT_MAX)},

    /* Of earlier versions: they may stand in a file, as in Redis. */
    {TEXT("list-max-ziplist-entries", OLD, "")},
    {TEXT("list-max-ziplist-value", OLD, "")},
    {TEXT("lua-replicate-commands", OLD, "")},
    {.name = NULL},
};
