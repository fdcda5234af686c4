/* forks: counts the children of the server, and how long it took to make the
 * last one. libc says when a process forks, so whoever forks is counted. */
#include <pthread.h>

#include "common/clock.h"
#include "more/02-keyspace/command/info.h"
#include "more/02-keyspace/command/stats.h"
#include "more/10-rdb/persist/families.h"

static int64_t forks; /* since the start or CONFIG RESETSTAT */
static int64_t took_us, began_us; /* the last of them */

static void begin(void)
{
    began_us = clock_us();
}

static void end(void)
{
    took_us = clock_us() - began_us;
    forks++;
}

static void append(struct buffer *out)
{
    info_field(out, "latest_fork_usec", took_us);
    info_field(out, "total_forks", forks);
}

static void reset(void)
{
    took_us = forks = 0;
}

void forks_open(void)
{
    pthread_atfork(begin, end, NULL);
    info_extend("Stats", append);
    stats_on_reset(reset);
}
