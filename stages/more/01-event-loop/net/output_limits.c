/* output_limits: three limits at once, one for each class of clients:
 *
 *   client-output-buffer-limit normal 0 0 0 pubsub 32mb 8mb 60
 *                              class  hard soft seconds
 *
 * A client's output enforces the hard limit of its class itself. The soft one
 * may be passed for so many seconds: a client that reads nothing causes no
 * event either, so a timer looks at a tenth of all clients ten times a second.
 * The timer also finds clients that are over a hard limit since CONFIG SET
 * lowered it. Both limits count the same bytes: output_counted.
 *
 * A client that has to log in first gets errors only. If it does not read them
 * it is closed early, whatever is configured: otherwise every client that can
 * connect could fill the memory. (Redis has added
 * this limit since.) */
#include "more/01-event-loop/net/output_limits.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/config_change.h"
#include "common/log.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/net/extension.h"
#include "net/connection.h"
#include "net/settings.h"
#include "net/timers.h"

enum { PERIOD_MS = 100, CHECKS_MIN = 5, GIVE_BACK_MS = 1000 };

static const int64_t before_login_bytes = 1024; /* beside OUTPUT_FREE_BYTES */

/* 0 means any amount. */
struct output_limit {
    uint64_t hard_bytes;
    uint64_t soft_bytes;
    int soft_seconds;
};

enum { MB = 1024 * 1024 };

static const struct output_limit default_limits[CLASS_COUNT] = {
    [CLASS_REPLICA] = {256 * MB, 64 * MB, 60},
    [CLASS_PUBSUB] = {32 * MB, 8 * MB, 60},
};
static struct output_limit limits[CLASS_COUNT];
static size_t least_soft_limit; /* of all classes */

const struct choice client_classes[] = {
    {"normal", CLASS_NORMAL},   {"slave", CLASS_REPLICA},
    {"replica", CLASS_REPLICA}, {"pubsub", CLASS_PUBSUB},
    {"master", CLASS_PRIMARY},  {NULL, 0},
};

/* Seconds are read less strictly than other numbers: +5 and 05 are 5. */
static bool parse_seconds(struct slice word, int *seconds)
{
    char *text = slice_dup(word), *end;
    long long value = strtoll(text, &end, 10);
    bool done = end != text && *end == '\0' && value >= 0 && value <= INT_MAX;
    if (done)
        *seconds = (int)value;
    zfree(text);
    return done;
}

/* hard soft seconds */
static bool parse_limit(const struct slice words[3], struct output_limit *limit)
{
    return parse_memory(words[0], &limit->hard_bytes) &&
           parse_memory(words[1], &limit->soft_bytes) &&
           parse_seconds(words[2], &limit->soft_seconds);
}

/* From now on these are the limits. */
static void use_limits(const struct output_limit changed[CLASS_COUNT])
{
    memcpy(limits, changed, sizeof limits);
    least_soft_limit = SIZE_MAX;
    for (int i = 0; i < CLASS_COUNT; i++) {
        if (limits[i].soft_bytes && limits[i].soft_bytes < least_soft_limit)
            least_soft_limit = limits[i].soft_bytes;
    }
    net_settings.output_max_bytes = (int64_t)limits[CLASS_NORMAL].hard_bytes;
}

/* class hard soft seconds, once or more: all are taken, or none. */
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
    use_limits(changed);
    return true;
}

/* All classes, in bytes. */
static void get_limits(struct buffer *out)
{
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct output_limit *limit = &limits[i];
        buffer_printf(out, "%s%s %llu %llu %d", i > 0 ? " " : "",
                      choice_name(client_classes, i),
                      (unsigned long long)limit->hard_bytes,
                      (unsigned long long)limit->soft_bytes,
                      limit->soft_seconds);
    }
}

/* A line for each class. What is at its default needs none. */
static void rewrite_limits(struct buffer *out)
{
    for (int i = 0; i < CLASS_COUNT; i++) {
        const struct output_limit *limit = &limits[i];
        const struct output_limit *usual = &default_limits[i];
        bool is_default = limit->hard_bytes == usual->hard_bytes &&
                          limit->soft_bytes == usual->soft_bytes &&
                          limit->soft_seconds == usual->soft_seconds;
        buffer_printf(
            out, "%sclient-output-buffer-limit %s ", is_default ? " " : "",
            i == CLASS_REPLICA ? "replica" : choice_name(client_classes, i));
        config_format_bytes(limit->hard_bytes, out);
        buffer_append_text(out, " ");
        config_format_bytes(limit->soft_bytes, out);
        buffer_printf(out, " %d\n", limit->soft_seconds);
    }
}

static const struct config_row output_limit_config[] = {
    {.name = "client-output-buffer-limit",
     .type = CONFIG_SPECIAL,
     .flags = CONFIG_WORDS,
     .get = get_limits,
     .rewrite = rewrite_limits,
     .set = set_limits},
    {.name = NULL},
};

/* The hard limit of the client, which changes when it logs in. The output takes
 * the bits as an unsigned number, too. */
static const int64_t *hard_limit(const struct client *c)
{
    enum client_class class = client_class(c);
    if (class == CLASS_REPLICA || class == CLASS_PRIMARY)
        return NULL;
    const uint64_t *configured = &limits[class].hard_bytes;
    return c->flags & CLIENT_BEFORE_LOGIN ? &before_login_bytes
                                          : (const int64_t *)configured;
}

static replica_lag_fn *replica_lag; /* or NULL */

void output_limits_of_replicas(replica_lag_fn *fn)
{
    replica_lag = fn;
}

/* Returns whether more waits for the client than may wait, or has waited too
 * long. Notes since when it is over the soft limit. */
static bool check_limits(struct client *c)
{
    if (client_class(c) >= CLASS_COUNT)
        return false;
    const struct output_limit *limit = &limits[client_class(c)];
    struct client_extension *extension = extension_of(c);
    size_t pending = output_counted(&c->output);
    int64_t now_ms = clock_ticked_ms();
    uint64_t hard_bytes = limit->hard_bytes;
    if (c->flags & CLIENT_BEFORE_LOGIN)
        hard_bytes = (uint64_t)before_login_bytes;
    if (client_class(c) == CLASS_REPLICA)
        pending = replica_lag(c, &hard_bytes);
    if (hard_bytes && pending >= hard_bytes)
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

void output_limits_update(struct client *c)
{
    c->output.limit = hard_limit(c);
}

/* After a command the client may have another class, and the time of its soft
 * limit may begin. */
static void note_output(struct client *c)
{
    output_limits_update(c);
    if (output_counted(&c->output) >= least_soft_limit)
        check_limits(c);
}

static struct client *next_to_check; /* NULL: the first */

/* A client that is freed must not be the next one to look at. */
static void skip_closed(struct client *c)
{
    if (c == next_to_check)
        next_to_check = c->next;
}

/* A timer: closes those of the next clients that are over a limit. */
static int64_t check_clients(void *owner)
{
    (void)owner;
    int64_t checks = client_count() / (1000 / PERIOD_MS) + CHECKS_MIN;
    struct client *c = next_to_check ? next_to_check : client_first();
    for (struct client *next; checks-- > 0 && c; c = next) {
        next = c->next;
        if (!check_limits(c))
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

/* A timer: what slow readers took while they were connected is of no use to
 * others as long as malloc keeps it. */
static int64_t give_back_memory(void *owner)
{
    (void)owner;
    zmalloc_give_back();
    return GIVE_BACK_MS;
}

void output_limits_open(void)
{
    use_limits(default_limits);
    config_add(output_limit_config);
    connection_on_executed(note_output);
    client_on_free(skip_closed);
    timer_start(PERIOD_MS, check_clients, NULL);
    timer_start(GIVE_BACK_MS, give_back_memory, NULL);
}
