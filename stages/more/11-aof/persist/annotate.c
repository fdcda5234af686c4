/* annotate: lines of comment in the log that say when the commands after them
 * were executed:
 *
 *   #TS:1700000000
 *
 * redis-check-aof cuts a log at one of them, to bring the data back as it was
 * then. The server reads over them. */
#include "command/call.h"
#include "common/buffer.h"
#include "common/clock.h"
#include "common/config.h"
#include "more/11-aof/persist/families.h"
#include "persist/aof_log.h"

static bool is_enabled;
static int64_t last_s; /* Unix time in the last line */

void annotate(struct buffer *out, bool always)
{
    int64_t now_s = clock_ticked_ms() / 1000;
    if (!is_enabled || (now_s <= last_s && !always))
        return;
    last_s = now_s;
    buffer_printf(out, "#TS:%lld\r\n", (long long)now_s);
}

/* Comes before the log itself, which appends the effect after the line. */
static void annotate_effect(int db, int argc, const struct slice *argv)
{
    (void)db, (void)argc, (void)argv;
    if (aof_log.fd >= 0)
        annotate(&aof_log.pending, false);
}

static const struct config_row annotate_config[] = {
    {CONFIG_VALUE(BOOL, "aof-timestamp-enabled", is_enabled, "no")},
    {.name = NULL},
};

void annotate_open(void)
{
    config_add(annotate_config);
    propagate_to(annotate_effect);
}
