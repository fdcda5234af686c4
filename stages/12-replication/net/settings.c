/* Each row names a parameter, its type, where its value is kept, its default
 * and its bounds. The configuration engine does the rest. */
#include "net/settings.h"

#include <limits.h>

#include "common/log.h"
#include "common/numbers.h"
#include "common/process.h"
#include "net/resp.h"

enum { RESERVED_FILES = 32 }; /* for the log, data files, pipes */

struct net_settings net_settings;

/* client-output-buffer-limit normal hard soft seconds: keeps the hard limit
 * alone. */
static bool set_output_limit(const struct slice *args, int count,
                             const char **error)
{
    uint64_t hard, soft;
    int64_t seconds;
    if (count != 4)
        return config_fail(error, "Wrong number of arguments in buffer limit "
                                  "configuration.");
    if (!slice_is(args[0], "normal"))
        return config_fail(error, "Invalid client class specified in buffer "
                                  "limit configuration.");
    if (!parse_memory(args[1], &hard) || hard > INT64_MAX ||
        !parse_memory(args[2], &soft) || !parse_int64(args[3], &seconds) ||
        seconds < 0)
        return config_fail(error, "Error in hard, soft or soft_seconds "
                                  "setting in buffer limit configuration.");
    net_settings.output_max_bytes = (int64_t)hard;
    return true;
}

/* Writes the limit as set_output_limit reads it. */
static void get_output_limit(struct buffer *out)
{
    buffer_printf(out, "normal %lld 0 0",
                  (long long)net_settings.output_max_bytes);
}

/* Asks the system for more open files first: a process may often have more than
 * it begins with. */
bool settings_fit_clients(void)
{
    /* Each client needs a file descriptor. */
    int64_t wanted = net_settings.max_clients + RESERVED_FILES;
    int64_t fit = process_allow_files(wanted) - RESERVED_FILES;
    if (fit < 1)
        log_write(LOG_WARNING, "The limit of open files is too low to start.");
    else if (fit < net_settings.max_clients)
        log_write(LOG_WARNING,
                  "You requested maxclients of %lld requiring at least %lld "
                  "max file descriptors. maxclients has been reduced to %lld.",
                  (long long)net_settings.max_clients, (long long)wanted,
                  (long long)fit);
    if (fit < net_settings.max_clients)
        net_settings.max_clients = fit;
    return fit >= 1;
}

const struct config_row net_config[] = {
    {CONFIG_NUMBER(INTEGER, "port", net_settings.port, "6379", 0, 65535),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_VALUE(TEXT, "bind", net_settings.bind, "127.0.0.1"),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_NUMBER(INTEGER, "tcp-backlog", net_settings.backlog, "511", 0,
                   INT_MAX),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_NUMBER(INTEGER, "tcp-keepalive", net_settings.keepalive_s, "300", 0,
                   INT_MAX)},
    {CONFIG_NUMBER(INTEGER, "timeout", net_settings.timeout_s, "0", 0,
                   INT_MAX)},
    {CONFIG_NUMBER(INTEGER, "maxclients", net_settings.max_clients, "10000", 1,
                   UINT_MAX)},
    {.name = "client-output-buffer-limit",
     .type = CONFIG_SPECIAL,
     .flags = CONFIG_WORDS,
     .fallback = "normal 0 0 0",
     .get = get_output_limit,
     .set = set_output_limit},
    {CONFIG_NUMBER(BYTES, "client-query-buffer-limit",
                   net_settings.input_max_bytes, "1gb", 1024 * 1024,
                   INT64_MAX)},
    {CONFIG_NUMBER(BYTES, "proto-max-bulk-len", resp_max_bulk_len, "512mb",
                   1024 * 1024, INT64_MAX)},
    {.name = NULL},
};
