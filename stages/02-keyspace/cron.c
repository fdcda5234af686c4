#include "cron.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "net/timers.h"
#include "store/keyspace.h"
#include "store/settings.h"

enum { REHASH_US = 1000, HZ_MIN = 1, HZ_MAX = 500 };

static int64_t hz; /* calls to server_cron in a second */

/* Brings hz into its range. Like Redis, CONFIG SET accepts numbers outside. */
static bool clamp_hz(const char **error)
{
    (void)error;
    if (hz < HZ_MIN)
        hz = HZ_MIN;
    if (hz > HZ_MAX)
        hz = HZ_MAX;
    return true;
}

const struct config_row cron_config[] = {
    {CONFIG_NUMBER(INTEGER, "hz", hz, "10", 0, INT_MAX), .apply = clamp_hz},
    {.name = NULL},
};

/* Goes on with resizing the dicts of all databases. Commands do so only for the
 * dict that they use, so one at rest would keep two tables of buckets. */
static int64_t server_cron(void *owner)
{
    (void)owner;
    if (store_settings.active_rehashing)
        keyspace_rehash(REHASH_US);
    return 1000 / hz;
}

void cron_start(void)
{
    const char *error;
    clamp_hz(&error);
    timer_start(1000 / hz, server_cron, NULL);
}
