#include "more/03-expiry-eviction/command/eviction.h"

#include <math.h>
#include <stdint.h>

#include "command/command.h"
#include "command/dispatch.h"
#include "common/clock.h"
#include "common/config.h"
#include "common/log.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/command/docs.h"
#include "net/client.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "net/timers.h"
#include "store/evict.h"
#include "store/memory.h"
#include "store/settings.h"

enum { TENACITY_LINEAR = 10, TENACITY_UNLIMITED = 100 };

static int64_t tenacity;

/* How long a command may wait for eviction (evictionTimeLimitUs in evict.c). */
static bool apply_tenacity(const char **error)
{
    (void)error;
    if (tenacity <= TENACITY_LINEAR)
        store_settings.evict_limit_us = 50 * tenacity;
    else if (tenacity < TENACITY_UNLIMITED)
        store_settings.evict_limit_us =
            (int64_t)(500 * pow(1.15, (double)tenacity - TENACITY_LINEAR));
    else
        store_settings.evict_limit_us = INT64_MAX / 2;
    return true;
}

static int64_t exceeded_since_us; /* 0: memory fits */
static int64_t exceeded_us; /* the times before that, together */

void eviction_exceeded(int64_t *total_us, int64_t *current_us)
{
    *current_us = exceeded_since_us ? monotonic_us() - exceeded_since_us : 0;
    *total_us = exceeded_us + *current_us;
}

void eviction_reset(void)
{
    exceeded_since_us = exceeded_us = 0;
}

/* Notes when memory began to be above its limit and when it fits again. */
static void note_status(enum evict_status status)
{
    if (status != EVICT_FITS && exceeded_since_us == 0)
        exceeded_since_us = monotonic_us();
    if (status != EVICT_FITS || exceeded_since_us == 0)
        return;
    int64_t current_us;
    eviction_exceeded(&exceeded_us, &current_us);
    exceeded_since_us = 0;
}

/* Evicts, and notes how that went. */
static enum evict_status evict_noted(void)
{
    enum evict_status status = evict_to_fit();
    note_status(status);
    return status;
}

/* Called in each turn of the event loop: eviction may have ended in a timer. */
static void note_end(void)
{
    if (exceeded_since_us && !memory_is_over_limit())
        note_status(EVICT_FITS);
}

/* Evicts keys until memory fits, once a turn: maxmemory may be far below. */
static int64_t evict(void *owner)
{
    (void)owner;
    return evict_noted() == EVICT_UNDERWAY ? 0 : TIMER_ENDS;
}

/* Applies maxmemory: keys are evicted even if no command arrives. */
static bool apply_maxmemory(const char **error)
{
    (void)error;
    if (memory_is_over_limit())
        log_write(LOG_WARNING,
                  "The new maxmemory value (%llu) is smaller than the memory "
                  "in use (%zu): keys will be evicted, or writes refused, "
                  "depending on maxmemory-policy.",
                  (unsigned long long)store_settings.maxmemory,
                  zmalloc_used_memory());
    timer_start(0, evict, NULL);
    return true;
}

/* The lesson's check knows its own commands; the docs say it of all. */
bool command_needs_memory(const struct command *command)
{
    const struct command_doc *doc = doc_find(slice_of(command->name));
    return doc && doc->flags & DOC_DENYOOM;
}

/* Returns whether the client's command may need more memory. */
static bool client_needs_memory(const struct client *c)
{
    return command_needs_memory(c->command);
}

static bool (*needs_memory)(const struct client *c) = client_needs_memory;

void eviction_set_needs_memory(bool (*fn)(const struct client *c))
{
    needs_memory = fn;
}

/* Replies with an error and returns false if memory is over its limit and the
 * command may need more. */
static bool check_memory_of_all(struct client *c)
{
    if (evict_noted() != EVICT_STUCK || !needs_memory(c))
        return true;
    reply_error(c, "OOM command not allowed when used memory > 'maxmemory'.");
    return false;
}

static const struct config_row eviction_config[] = {
    /* Above INT64_MAX it is negative where it is read: no limit. */
    {CONFIG_NUMBER(BYTES, "maxmemory", store_settings.maxmemory, "0", 0, -1),
     .flags = CONFIG_UNSIGNED, .apply = apply_maxmemory},
    {CONFIG_NUMBER(INTEGER, "maxmemory-eviction-tenacity", tenacity, "10", 0,
                   100),
     .apply = apply_tenacity},
    {.name = NULL},
};

/* What the start has set takes effect in the first turn of the event loop. */
static int64_t apply_first(void *owner)
{
    const char *error;
    (void)owner;
    apply_tenacity(&error);
    return TIMER_ENDS;
}

void eviction_open(void)
{
    config_add(eviction_config);
    dispatch_check(CHECK_MEMORY, check_memory_of_all);
    timer_start(0, apply_first, NULL);
    event_each_turn(note_end);
}
