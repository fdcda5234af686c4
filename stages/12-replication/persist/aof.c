#include "persist/aof.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/call.h"
#include "command/dispatch.h"
#include "command/transaction.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"
#include "net/server.h"
#include "net/timers.h"
#include "persist/aof_load.h"
#include "persist/aof_log.h"
#include "persist/aof_sync.h"
#include "persist/snapshot.h"
#include "store/memory.h"

enum { WATCH_MS = 100, RETRY_S = 60, TEMP_NAME_MAX = 64 };

struct aof aof;
bool (*aof_write_base)(const char *path) = snapshot_write;
const char *aof_base_suffix = "base.rdb";
bool (*aof_prepare)(void);

static struct {
    bool is_on;
    int64_t growth_percent; /* since the last rewrite; 0: none by itself */
    int64_t growth_min; /* a log that is shorter is not rewritten */
} settings;

/* Writes the name of the file that the process writes into. */
static void temp_name(char out[TEMP_NAME_MAX], pid_t pid)
{
    snprintf(out, TEMP_NAME_MAX, "temp-rewriteaof-bg-%ld.aof", (long)pid);
}

/* Opens an increment, to append to it. */
static int open_incr(const char *name, int flags)
{
    char path[AOF_PATH_MAX];
    aof_path(path, name);
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | flags, 0644);
}

/* Begins a new increment, before the child is forked: the base that the child
 * writes and this increment belong together. A log that was switched on just
 * now is no log before it has that base: until then its manifest is not
 * written. */
static bool begin_incr(void)
{
    struct manifest *m = &aof.manifest;
    int fd = open_incr(manifest_add_incr(m)->name, O_TRUNC);
    if (fd >= 0 && (aof.state == AOF_WAITS || manifest_write(m))) {
        aof_log_open(fd);
        return true;
    }
    m->count--;
    if (fd >= 0)
        close(fd);
    return false;
}

/* Begins a rewrite. Returns false if that fails; the reason is in the log. */
static bool begin_rewrite(void)
{
    char path[TEMP_NAME_MAX];
    aof.is_scheduled = false;
    aof.began_s = clock_ms() / 1000;
    mkdir(aof_directory, 0755);
    aof_log_flush(true);
    aof.has_failed = aof_log.error || (aof.state != AOF_OFF && !begin_incr());
    pid_t pid = aof.has_failed ? -1 : server_fork();
    if (pid == 0) {
        temp_name(path, getpid());
        _exit(aof_write_base(path) ? 0 : 1);
    }
    aof.has_failed = pid < 0;
    if (pid < 0) {
        log_write(LOG_WARNING,
                  "Can't rewrite append only file in background: %s",
                  strerror(aof_log.error ? aof_log.error : errno));
        return false;
    }
    log_write(LOG_NOTICE, "Background AOF rewrite started by pid %ld",
              (long)pid);
    memory_is_shared = true;
    snapshot.has_to_wait = true;
    aof.child = pid;
    return true;
}

/* Makes what the child has written the base, in place of all files before it.
 * Returns false with errno if that fails; then the log goes on as it was. The
 * new base stays where it is, because the manifest may name it already. */
static bool adopt_base(const char *temp)
{
    char path[AOF_PATH_MAX];
    struct stat status;
    struct manifest changed = manifest_rebase(&aof.manifest, aof_base_suffix,
                                              aof.state == AOF_OFF ? 0 : 1);
    aof_path(path, changed.files[0].name);
    bool done = rename(temp, path) == 0 && stat(path, &status) == 0 &&
                manifest_write(&changed);
    zfree(done ? aof.manifest.files : changed.files);
    if (!done)
        return false;
    aof.manifest = changed;
    manifest_clean(&aof.manifest);
    aof_log.total = aof.base_size = status.st_size + aof_log.size;
    if (aof.state == AOF_WAITS)
        aof.state = AOF_ON;
    return true;
}

/* Learns how the child has ended. SIGUSR1 is the server's own, so that it
 * counts as no failure. Without a base an increment is of no use: then the next
 * attempt begins another. */
static void end_child(int status)
{
    char temp[TEMP_NAME_MAX];
    temp_name(temp, aof.child);
    bool done = status == 0 && adopt_base(temp);
    if (done)
        log_write(LOG_NOTICE, "Background AOF rewrite finished successfully");
    else
        log_write(LOG_WARNING, "Background AOF rewrite failed: status %d, %s",
                  status, strerror(errno));
    unlink(temp);
    aof.has_failed =
        !done && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGUSR1);
    aof.child = 0;
    snapshot.has_to_wait = false;
    memory_is_shared = false;
    if (aof.state == AOF_WAITS) {
        aof_log_open(-1);
        aof.is_scheduled = true;
    }
}

/* Waits until the child has ended, if there is one. */
static void wait_for_child(bool kills)
{
    int status;
    if (!aof.child)
        return;
    if (kills)
        kill(aof.child, SIGUSR1);
    if (waitpid(aof.child, &status, 0) == aof.child)
        end_child(status);
}

/* Returns whether the log has grown by so much since the last rewrite. */
static bool has_grown(void)
{
    int64_t size = aof_log.total, base = aof.base_size ? aof.base_size : 1;
    return aof.state == AOF_ON && settings.growth_percent > 0 &&
           size > settings.growth_min &&
           size * 100 / base - 100 >= settings.growth_percent;
}

/* A timer: looks after the child, or begins a rewrite. After a failure it
 * waits, because the reason is probably still there, and each attempt begins a
 * file. */
static int64_t watch(void *owner)
{
    (void)owner;
    int status;
    if (aof.child) {
        if (waitpid(aof.child, &status, WNOHANG) == aof.child)
            end_child(status);
    } else if (!snapshot.child &&
               !(aof.has_failed &&
                 clock_ticked_ms() / 1000 - aof.began_s < RETRY_S) &&
               (aof.is_scheduled || has_grown())) {
        begin_rewrite();
    }
    return WATCH_MS;
}

/* BGREWRITEAOF: in a transaction it waits for the end, as BGSAVE does. */
static void bgrewriteaof_command(struct client *c)
{
    if (aof.child) {
        reply_error(c, "ERR Background append only file rewriting already in "
                       "progress");
    } else if (snapshot.child || c->flags & CLIENT_DENY_BLOCKING) {
        aof.is_scheduled = true;
        aof.has_failed = false;
        reply_simple(c, "Background append only file rewriting scheduled");
    } else if (begin_rewrite()) {
        reply_simple(c, "Background append only file rewriting started");
    } else {
        reply_error(c, "ERR Can't execute an AOF background rewriting. Please "
                       "check the server logs for more information.");
    }
}

const struct command aof_commands[] = {
    {.name = "bgrewriteaof", .arity = 1, .handler = bgrewriteaof_command},
    {.name = NULL},
};

/* What was logged before stays, and nothing is added to it: a log that begins
 * anew is complete only when its first rewrite ends. */
void aof_restart(void)
{
    wait_for_child(true);
    aof_log_open(-1);
    aof.state = settings.is_on ? AOF_WAITS : AOF_OFF;
    aof.is_scheduled = settings.is_on;
}

/* CONFIG SET appendonly. While a save runs, or in a transaction whose effects
 * are not all propagated, the rewrite has to wait. */
static bool apply_appendonly(const char **error)
{
    if (settings.is_on == (aof.state != AOF_OFF))
        return true;
    aof_restart();
    if (!settings.is_on || snapshot.child || unit_has_effects() ||
        begin_rewrite())
        return true;
    aof_log_open(-1);
    aof.state = AOF_OFF;
    return config_fail(error, "Unable to turn on AOF. Check server logs.");
}

static const struct choice fsync_choices[] = {
    {"everysec", FSYNC_EVERYSEC},
    {"always", FSYNC_ALWAYS},
    {"no", FSYNC_NO},
    {NULL, 0},
};

const struct config_row aof_config[] = {
    {CONFIG_VALUE(BOOL, "appendonly", settings.is_on, "no"),
     .apply = apply_appendonly},
    {CONFIG_VALUE(TEXT, "appendfilename", aof_name, "appendonly.aof"),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_VALUE(TEXT, "appenddirname", aof_directory, "appendonlydir"),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_VALUE(CHOICE, "appendfsync", aof_log.fsync, "everysec"),
     .choices = fsync_choices},
    {CONFIG_VALUE(BOOL, "aof-load-truncated", aof_load_truncated, "yes")},
    {CONFIG_NUMBER(INTEGER, "auto-aof-rewrite-percentage",
                   settings.growth_percent, "100", 0, INT_MAX)},
    {CONFIG_NUMBER(BYTES, "auto-aof-rewrite-min-size", settings.growth_min,
                   "64mb", 0, INT64_MAX)},
    {.name = NULL},
};

/* A server that can't log must not take on changes that it may lose. PING tells
 * a program that watches it. */
static bool check_logged(struct client *c)
{
    int error = aof_log.error ? aof_log.error : sync_error();
    if (aof_log.fd < 0 || !error ||
        !(transaction_flags(c) & CMD_WRITE || slice_is(c->argv[0], "ping")))
        return true;
    reply_errorf(c, "MISCONF Errors writing to the AOF file: %s",
                 strerror(error));
    return false;
}

/* Opens the last increment; without one the log begins, with an empty base. */
static bool open_files(void)
{
    char path[AOF_PATH_MAX];
    struct manifest *m = &aof.manifest;
    if (m->count == 0) {
        *m = manifest_rebase(m, aof_base_suffix, 0);
        aof_path(path, m->files[0].name);
        mkdir(aof_directory, 0755);
        if (!aof_write_base(path))
            return false;
    }
    const struct aof_file *incr = manifest_last(m, AOF_INCR);
    if (!incr)
        return begin_incr();
    int fd = open_incr(incr->name, 0);
    if (fd >= 0)
        aof_log_open(fd);
    return fd >= 0;
}

/* Loads the log, and goes on at its end. */
static bool start_log(void)
{
    aof.state = AOF_ON;
    if (!aof_load(&aof.manifest, &aof.base_size, &aof_log.total))
        return false;
    manifest_clean(&aof.manifest);
    if (open_files())
        return true;
    log_write(LOG_WARNING, "Can't open the AOF: %s", strerror(errno));
    return false;
}

bool aof_start(void)
{
    if (settings.is_on && aof_prepare && !aof_prepare())
        return false;
    snapshot.has_log = settings.is_on;
    if (!manifest_read(&aof.manifest) || (settings.is_on && !start_log()))
        return false;
    dispatch_check(CHECK_LOGGED, check_logged);
    timer_start(WATCH_MS, watch, NULL);
    aof_log_start();
    return true;
}

/* A log without its first base would be of no use to the next start. */
void aof_close(void)
{
    wait_for_child(aof.state != AOF_WAITS);
    aof_log_flush(true);
    if (aof_log.fd >= 0 && fsync(aof_log.fd) != 0)
        log_write(LOG_WARNING, "Fail to fsync the AOF file: %s.",
                  strerror(errno));
}
