#include "more/03-expiry-eviction/command/eviction.h"

#include <math.h>
#include <stdint.h>

#include "command/command.h"
#include "command/dispatch.h"
#include "common/config.h"
#include "common/log.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/command/docs.h"
#include "net/client.h"
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

/* Evicts keys until memory fits, once a turn: maxmemory may be far below. */
static int64_t evict(void *owner)
{
    (void)owner;
    return evict_to_fit() == EVICT_UNDERWAY ? 0 : TIMER_ENDS;
}

/* Applies maxmemory: keys are evicted even if no command arrives. */
static bool apply_maxmemory(const char **error)
{
    (void)error;
    if (memory_is_over_limit())
        log_write(LOG_WARNING,
                  "The new maxmemory value (%lld) is smaller than the memory "
                  "in use (%zu): keys will be evicted, or writes refused, "
                  "depending on maxmemory-policy.",
                  (long long)store_settings.maxmemory, zmalloc_used_memory());
    timer_start(0, evict, NULL);
    return true;
}

/* Replies with an error and returns false if memory is over its limit and the
 * command may need more. The lesson's check knows its own commands; the docs
 * say it of all commands. */
static bool check_memory_of_all(struct client *c)
{
    if (evict_to_fit() != EVICT_STUCK)
        return true;
    const struct command_doc *doc = doc_find(slice_of(c->command->name));
    if (!doc || !(doc->flags & DOC_DENYOOM))
        return true;
    reply_error(c, "OOM command not allowed when used memory > 'maxmemory'.");
    return false;
}

static const struct config_row eviction_config[] = {
    {CONFIG_NUMBER(BYTES, "maxmemory", store_settings.maxmemory, "0", 0,
                   INT64_MAX),
     .apply = apply_maxmemory},
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
}
