/* first_base: a server does not end while its log has no base yet. Whoever has
 * switched it on relies on it from then on. */
#include <signal.h>

#include "common/log.h"
#include "more/02-keyspace/command/shutdown.h"
#include "more/11-aof/persist/families.h"
#include "persist/aof.h"

static shutdown_fn *before; /* saves */

static bool refuse_or_go_on(unsigned flags)
{
    if (aof.state == AOF_WAITS && aof.child) {
        if (!(flags & SHUTDOWN_FORCE)) {
            log_write(LOG_WARNING, "Writing initial AOF, can't exit");
            return false;
        }
        log_write(LOG_WARNING, "Writing initial AOF. Exit anyway.");
        kill(aof.child, SIGUSR1); /* or the end would wait for it */
    }
    return before(flags);
}

void first_base_open(void)
{
    before = shutdown_prepare(refuse_or_go_on);
}
