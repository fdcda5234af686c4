/* child: what a child that saves tells the server: how many keys it has
 * written, and how much memory both do not share any more, because one of them
 * has changed it. It writes that into a page which stays common to both. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "common/clock.h"
#include "common/log.h"
#include "more/02-keyspace/command/info.h"
#include "more/10-rdb/persist/families.h"
#include "persist/snapshot.h"
#include "store/keyspace.h"

enum { LOOK_KEYS = 1024, LOOK_MS = 1000 }; /* from one look to the next */

static struct told {
    uint64_t keys, total; /* that are written; that will be */
    int64_t own_bytes, peak_bytes;
    int64_t looked_ms; /* on the monotonic clock; 0: never */
} * told;

bool (*child_else)(void);

static int64_t last_own_bytes; /* of the last child that was successful */

static int64_t key_delay_us;

static const struct config_row child_config[] = {
    {CONFIG_NUMBER(INTEGER, "rdb-key-save-delay", key_delay_us, "0", INT_MIN,
                   INT_MAX),
     .flags = CONFIG_HIDDEN},
    {.name = NULL},
};

void delay_us(int64_t us)
{
    if (us < 0)
        us = rand() % -us == 0;
    if (us == 0)
        return;
    struct timespec left = {us / 1000000, us % 1000000 * 1000};
    nanosleep(&left, NULL);
}

/* Returns how many bytes this process alone has changed; 0 where the kernel
 * does not tell. */
static int64_t own_bytes(void)
{
    char line[128];
    long kb = 0;
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    while (file && fgets(line, sizeof line, file) &&
           sscanf(line, "Private_Dirty: %ld", &kb) != 1)
        continue;
    if (file)
        fclose(file);
    return (int64_t)kb * 1024;
}

static void look(void)
{
    told->own_bytes = own_bytes();
    if (told->own_bytes > told->peak_bytes)
        told->peak_bytes = told->own_bytes;
    told->looked_ms = monotonic_ms();
}

static uint64_t count_keys(void)
{
    uint64_t count = 0;
    for (int i = 0; i < db_count(); i++)
        count += db_size(db_at(i));
    return count;
}

/* At the begin, then before each key. A look costs as much as many keys, so
 * there is one a second, and one at either end. */
static void note_saving(bool begins)
{
    if (!begins)
        delay_us(key_delay_us);
    if (log_settings.role != 'C')
        return;
    if (begins) {
        *told = (struct told){.total = count_keys()};
        look();
        return;
    }
    told->keys++;
    if (told->keys == told->total ||
        (told->keys % LOOK_KEYS == 0 &&
         monotonic_ms() - told->looked_ms >= LOOK_MS))
        look();
}

/* A save has ended: that of a child, if there is one. */
static void note_end(bool done)
{
    if (snapshot.child && done)
        last_own_bytes = told->own_bytes;
}

int64_t child_own_bytes(void)
{
    return told->own_bytes;
}

void child_append(struct buffer *out)
{
    bool runs = snapshot.child || (child_else && child_else());
    struct told now = runs ? *told : (struct told){0};
    int64_t age_ms = now.looked_ms ? monotonic_ms() - now.looked_ms : 0;
    double part = now.total ? (double)now.keys / (double)now.total : 0;
    info_field(out, "current_cow_peak", now.peak_bytes);
    info_field(out, "current_cow_size", now.own_bytes);
    info_field(out, "current_cow_size_age", age_ms / 1000);
    buffer_printf(out, "current_fork_perc:%.2f\r\n", part * 100);
    info_field(out, "current_save_keys_processed", (int64_t)now.keys);
    info_field(out, "current_save_keys_total", (int64_t)now.total);
}

void child_append_last(struct buffer *out)
{
    info_field(out, "rdb_last_cow_size", last_own_bytes);
}

void child_open(void)
{
    void *page = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        page = calloc(1, sizeof *told); /* then INFO shows nothing of it */
    told = page;
    config_add(child_config);
    rdb_progress.saving = note_saving;
    snapshot_on_end(note_end);
}
