/* settings: the parameters of connections, their defaults and their bounds.
 *
 * All but one are plain values. The output limits are three at once, one for
 * each class of clients:
 *
 *   client-output-buffer-limit normal 0 0 0 pubsub 32mb 8mb 60
 *                              class  hard soft seconds */
#include "net/settings.h"

#include <limits.h>
#include <string.h>

#include "common/numbers.h"
#include "config_change.h"
#include "net/resp.h"
#include "net/server.h"

struct net_settings net_settings;

const struct choice client_classes[] = {
    {"normal", CLASS_NORMAL},   {"slave", CLASS_REPLICA},
    {"replica", CLASS_REPLICA}, {"pubsub", CLASS_PUBSUB},
    {"master", CLASS_PRIMARY},  {NULL, 0},
};

/* hard soft seconds */
static bool parse_limit(const struct slice words[3], struct output_limit *limit)
{
    uint64_t hard, soft;
    if (!parse_memory(words[0], &hard) || hard > INT64_MAX ||
        !parse_memory(words[1], &soft) || soft > INT64_MAX ||
        !parse_int64(words[2], &limit->soft_seconds) || limit->soft_seconds < 0)
        return false;
    limit->hard_bytes = (int64_t)hard;
    limit->soft_bytes = (int64_t)soft;
    return true;
}

/* class hard soft seconds, once or more: all are taken, or none. */
static bool set_limits(const struct slice *words, int count, const char **error)
{
    struct output_limit limits[CLASS_COUNT];
    memcpy(limits, net_settings.output_limits, sizeof limits);
    if (count % 4 != 0)
        return config_fail(error, "Wrong number of arguments in buffer limit "
                                  "configuration.");
    for (int i = 0; i < count; i += 4) {
        const struct choice *class = choice_find(client_classes, words[i]);
        if (!class || class->value == CLASS_PRIMARY)
            return config_fail(error, "Invalid client class specified in "
                                      "buffer limit configuration.");
        if (!parse_limit(words + i + 1, &limits[class->value]))
            return config_fail(error, "Error in hard, soft or soft_seconds "
                                      "setting in buffer limit configuration.");
    }
    memcpy(net_settings.output_limits, limits, sizeof limits);
    return true;
}

/* All classes, in bytes. */
static void get_limits(struct buffer *out)
{
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct output_limit *limit = &net_settings.output_limits[i];
        buffer_printf(
            out, "%s%s %lld %lld %lld", i > 0 ? " " : "",
            choice_name(client_classes, i), (long long)limit->hard_bytes,
            (long long)limit->soft_bytes, (long long)limit->soft_seconds);
    }
}

/* A line for each class. */
static void rewrite_limits(struct buffer *out)
{
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct output_limit *limit = &net_settings.output_limits[i];
        buffer_printf(out, "client-output-buffer-limit %s ",
                      choice_name(client_classes, i));
        config_format_bytes(limit->hard_bytes, out);
        buffer_append_text(out, " ");
        config_format_bytes(limit->soft_bytes, out);
        buffer_printf(out, " %lld\n", (long long)limit->soft_seconds);
    }
}

/* Every client needs a file descriptor. */
static bool apply_max_clients(const char **error)
{
    int64_t granted;
    return server_adjust_open_files(net_settings.max_clients, &granted) ||
           config_fail(error,
                       "The operating system is not able to handle the "
                       "specified number of clients, try with %lld",
                       (long long)granted);
}

const struct config_row net_config[] = {
    {CONFIG_NUMBER(INTEGER, "port", net_settings.port, "6379", 0, 65535),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_VALUE(TEXT, "bind", net_settings.bind, "127.0.0.1 -::1"),
     .flags = CONFIG_IMMUTABLE | CONFIG_WORDS},
    {CONFIG_VALUE(TEXT, "unixsocket", net_settings.unix_socket, ""),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_NUMBER(OCTAL, "unixsocketperm", net_settings.unix_socket_mode, "0",
                   0, 0777),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_NUMBER(INTEGER, "tcp-backlog", net_settings.backlog, "511", 0,
                   INT_MAX),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_NUMBER(INTEGER, "tcp-keepalive", net_settings.keepalive_s, "300", 0,
                   INT_MAX)},
    {CONFIG_NUMBER(INTEGER, "timeout", net_settings.timeout_s, "0", 0,
                   INT_MAX)},
    {CONFIG_NUMBER(INTEGER, "maxclients", net_settings.max_clients, "10000", 1,
                   UINT_MAX),
     .apply = apply_max_clients},
    {CONFIG_VALUE(BOOL, "protected-mode", net_settings.protected_mode, "yes")},
    {.name = "client-output-buffer-limit",
     .type = CONFIG_SPECIAL,
     .flags = CONFIG_WORDS,
     .fallback = "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 "
                 "8388608 60",
     .get = get_limits,
     .rewrite = rewrite_limits,
     .set = set_limits},
    {CONFIG_NUMBER(BYTES, "client-query-buffer-limit",
                   net_settings.input_max_bytes, "1gb", 1024 * 1024,
                   INT64_MAX)},
    {CONFIG_NUMBER(BYTES, "proto-max-bulk-len", resp_max_bulk_len, "512mb",
                   1024 * 1024, INT64_MAX)},
    {.name = NULL},
};
