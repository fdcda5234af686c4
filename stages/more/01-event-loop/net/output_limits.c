/* output_limits: limits how much output may wait for clients of each class.
 *
 *   client-output-buffer-limit normal 0 0 0 pubsub 32mb 8mb 60
 *                              class  hard soft seconds
 *
 * A client is closed as soon as its output is over the hard limit, or when it
 * has been over the soft limit for that many seconds. A client that does not
 * read causes no event, so a timer checks a tenth of all clients ten times a
 * second. */
#include "more/01-event-loop/net/output_limits.h"

#include <string.h>

#include "common/clock.h"
#include "common/config_change.h"
#include "common/log.h"
#include "common/numbers.h"
#include "more/01-event-loop/net/extension.h"
#include "net/connection.h"
#include "net/settings.h"
#include "net/timers.h"

enum { PERIOD_MS = 100, CHECKS_MIN = 5 };

/* In each field 0 means that there is no limit. */
struct output_limit {
    int64_t hard_bytes;
    int64_t soft_bytes;
    int64_t soft_seconds;
};

static struct output_limit limits[CLASS_COUNT];
static size_t least_soft_limit; /* of all classes */

const struct choice client_classes[] = {
    {"normal", CLASS_NORMAL},   {"slave", CLASS_REPLICA},
    {"replica", CLASS_REPLICA}, {"pubsub", CLASS_PUBSUB},
    {"master", CLASS_PRIMARY},  {NULL, 0},
};

/* Parses "hard soft seconds". Returns false if one is invalid. */
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

/* Sets "class hard soft seconds", once or more: all of them or none. */
static bool set_limits(const struct slice *words, int count, const char **error)
{
    struct output_limit changed[CLASS_COUNT];
    memcpy(changed, limits, sizeof changed);
    if (count % 4 != 0)
        return config_fail(error, "Wrong number of arguments in buffer limit "
                                  "configuration.");
    for (int i = 0; i < count; i += 4) {
        const struct choice *class = choice_find(client_classes, words[i]);
        if (!class || class->value == CLASS_PRIMARY)
            return config_fail(error, "Invalid client class specified in "
                                      "buffer limit configuration.");
        if (!parse_limit(words + i + 1, &changed[class->value]))
            return config_fail(error, "Error in hard, soft or soft_seconds "
                                      "setting in buffer limit configuration.");
    }
    memcpy(limits, changed, sizeof limits);
    least_soft_limit = SIZE_MAX;
    for (int i = 0; i < CLASS_COUNT; i++) {
        if (limits[i].soft_bytes &&
            (size_t)limits[i].soft_bytes < least_soft_limit)
            least_soft_limit = (size_t)limits[i].soft_bytes;
    }
    net_settings.output_max_bytes = limits[CLASS_NORMAL].hard_bytes;
    return true;
}

/* Appends the limits of all classes in bytes, for CONFIG GET. */
static void get_limits(struct buffer *out)
{
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct output_limit *limit = &limits[i];
        buffer_printf(
            out, "%s%s %lld %lld %lld", i > 0 ? " " : "",
            choice_name(client_classes, i), (long long)limit->hard_bytes,
            (long long)limit->soft_bytes, (long long)limit->soft_seconds);
    }
}

/* Appends a line for each class, for the configuration file. */
static void rewrite_limits(struct buffer *out)
{
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct output_limit *limit = &limits[i];
        buffer_printf(out, "client-output-buffer-limit %s ",
                      choice_name(client_classes, i));
        config_format_bytes(limit->hard_bytes, out);
        buffer_append_text(out, " ");
        config_format_bytes(limit->soft_bytes, out);
        buffer_printf(out, " %lld\n", (long long)limit->soft_seconds);
    }
}

static const struct config_row output_limit_config[] = {
    {.name = "client-output-buffer-limit",
     .type = CONFIG_SPECIAL,
     .flags = CONFIG_WORDS,
     .fallback = "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 "
                 "8388608 60",
     .get = get_limits,
     .rewrite = rewrite_limits,
     .set = set_limits},
    {.name = NULL},
};

/* Whether the client is over its hard limit, or has been over the soft one for
 * too long. Notes the moment since when it has been. */
static bool is_over_limit(struct client *c)
{
    const struct output_limit *limit = &limits[client_class(c)];
    struct client_extension *extension = extension_of(c);
    int64_t pending = (int64_t)c->output.pending;
    int64_t now_ms = clock_ticked_ms();
    if (limit->hard_bytes && pending >= limit->hard_bytes)
        return true;
    if (!limit->soft_bytes || pending < limit->soft_bytes) {
        extension->over_limit_since_ms = 0;
        return false;
    }
    if (!extension->over_limit_since_ms)
        extension->over_limit_since_ms = now_ms;
    return (now_ms - extension->over_limit_since_ms) / 1000 >=
           limit->soft_seconds + 1;
}

/* Called after each command, so that the soft limit's seconds begin with the
 * command that passed it and not at the timer's next call. */
static void note_output(struct client *c)
{
    if (c->output.pending >= least_soft_limit)
        is_over_limit(c);
}

static struct client *next_to_check; /* NULL: the first */

/* Called before a client is freed: the timer must not go on at it. */
static void skip_closed(struct client *c)
{
    if (c == next_to_check)
        next_to_check = c->next;
}

/* Closes those that are over a limit among the next tenth of the clients. */
static int64_t check_clients(void *owner)
{
    (void)owner;
    int64_t checks = client_count() / (1000 / PERIOD_MS) + CHECKS_MIN;
    struct client *c = next_to_check ? next_to_check : client_first();
    for (struct client *next; checks-- > 0 && c; c = next) {
        next = c->next;
        if (!is_over_limit(c))
            continue;
        log_write(LOG_WARNING,
                  "Client id=%llu scheduled to be closed ASAP for overcoming "
                  "of output buffer limits.",
                  (unsigned long long)c->id);
        client_free(c);
    }
    next_to_check = c;
    return PERIOD_MS;
}

void output_limits_open(void)
{
    config_add(output_limit_config);
    connection_on_executed(note_output);
    client_on_free(skip_closed);
    timer_start(PERIOD_MS, check_clients, NULL);
}
