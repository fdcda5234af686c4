#include "more/03-expiry-eviction/command/report.h"

#include "common/clock.h"
#include "common/numbers.h"
#include "more/02-keyspace/command/info.h"
#include "more/02-keyspace/command/stats.h"
#include "more/03-expiry-eviction/command/eviction.h"
#include "store/expire.h"
#include "store/keyspace.h"
#include "store/settings.h"

enum { SAMPLES = 64 };

static int64_t out_of_time_count;
static int64_t cycle_us; /* of the time that the expire cycle has taken */
static int64_t counted_until_us; /* in the slice that runs */
/* An estimate: how many of the keys with an expiration time have expired. */
static double stale_percent;

/* Called with each report of the expire cycle. As in Redis, its share of
 * expired keys counts for a twentieth of the estimate. */
static void note_report(const struct expire_report *report)
{
    int64_t now_us = monotonic_us();
    cycle_us += now_us - counted_until_us;
    counted_until_us = now_us;
    if (report->out_of_time) {
        out_of_time_count++;
        return;
    }
    double share = (double)report->expired * 100 / (double)report->seen;
    stale_percent = stale_percent * 0.95 + share * 0.05;
}

void report_cycle_begins(void)
{
    counted_until_us = monotonic_us();
}

/* Called by CONFIG RESETSTAT. */
static void reset(void)
{
    out_of_time_count = 0;
    cycle_us = 0;
    stale_percent = 0;
    eviction_reset();
}

/* Adds fields to the section Stats. */
static void append_stats(struct buffer *out)
{
    int64_t total_us, current_us;
    eviction_exceeded(&total_us, &current_us);
    info_field(out, "expired_keys", keyspace_stats.expired);
    buffer_printf(out, "expired_stale_perc:%.2f\r\n", stale_percent);
    info_field(out, "expired_time_cap_reached_count", out_of_time_count);
    info_field(out, "expire_cycle_cpu_milliseconds", cycle_us / 1000);
    info_field(out, "evicted_keys", keyspace_stats.evicted);
    info_field(out, "total_eviction_exceeded_time", total_us / 1000);
    info_field(out, "current_eviction_exceeded_time", current_us / 1000);
}

/* Adds fields to the section Memory. */
static void append_memory(struct buffer *out)
{
    char human[DOUBLE_TEXT_MAX];
    format_bytes_human(human, (uint64_t)store_settings.maxmemory);
    info_field(out, "maxmemory", store_settings.maxmemory);
    info_text_field(out, "maxmemory_human", human);
    info_config_field(out, "maxmemory_policy", "maxmemory-policy");
}

/* Counts the keys with an expiration time. The average TTL is that of a
 * sample. */
static void find_expires(const struct db *db, size_t *expires,
                         int64_t *average_ttl_ms)
{
    struct dict_node *nodes[SAMPLES];
    struct dict *keys = &db_at(db->id)->keys;
    size_t found = dict_sample(keys, nodes, SAMPLES);
    double sum_ms = 0; /* several times may be more than an integer holds */
    int64_t count = 0;
    for (size_t i = 0; i < found; i++) {
        const struct entry *e = (struct entry *)nodes[i];
        if (entry_expiry(e) == NO_EXPIRY || entry_is_expired(e))
            continue;
        sum_ms += (double)(entry_expiry(e) - clock_ticked_ms());
        count++;
    }
    *expires = (size_t)db->volatile_count;
    *average_ttl_ms = count > 0 ? (int64_t)(sum_ms / (double)count) : 0;
}

void report_open(void)
{
    expire_on_report(note_report);
    stats_on_reset(reset);
    info_extend("Stats", append_stats);
    info_extend("Memory", append_memory);
    info_expires_set(find_expires);
}
