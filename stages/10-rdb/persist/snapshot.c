/* snapshot, inside: ten times a second a timer compares the changes since the
 * last save with the save points:
 *
 *   save 3600 1 300 100     save after 3600 s if there was 1 change,
 *                           and after 300 s if there were 100
 *
 * After a failure the next attempt waits for RETRY_S seconds, because the
 * reason is probably still there. */
#include "persist/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/hooks.h"
#include "common/log.h"
#include "common/numbers.h"
#include "net/server.h"
#include "net/timers.h"
#include "persist/rdb_format.h"
#include "store/keyspace.h"
#include "store/memory.h"

enum { WATCH_MS = 100, RETRY_S = 5, TEMP_NAME_MAX = 64 };

struct snapshot snapshot;

typedef void end_fn(bool done);
static struct hooks ends;

void snapshot_on_end(end_fn *fn)
{
    hooks_add(&ends, (hook_fn *)fn);
}

static struct {
    char *file; /* its name in the working directory */
    char *points; /* "3600 1 300 100" */
} settings;

/* save [seconds changes ...]: "" means that there are no points. */
static bool accept_points(const struct slice *words, int count,
                          const char **error)
{
    int64_t number;
    if (count == 1 && words[0].len == 0)
        return true;
    for (int i = 0; i < count; i++) {
        if (count % 2 != 0 || !parse_int64(words[i], &number) ||
            number < (i % 2 == 0))
            return config_fail(error, "Invalid save parameters");
    }
    return true;
}

const struct config_row snapshot_config[] = {
    {CONFIG_VALUE(TEXT, "save", settings.points, "3600 1 300 100 60 10000"),
     .flags = CONFIG_WORDS, .accept = accept_points},
    {CONFIG_VALUE(TEXT, "dbfilename", settings.file, "dump.rdb"),
     .flags = CONFIG_PROTECTED},
    {CONFIG_VALUE(BOOL, "rdbchecksum", rdb_checksum, "yes"),
     .flags = CONFIG_IMMUTABLE},
    {.name = NULL},
};

bool snapshot_has_points(void)
{
    return *settings.points;
}

/* Names the file that a process writes into. */
static void temp_name(char out[TEMP_NAME_MAX], pid_t pid)
{
    snprintf(out, TEMP_NAME_MAX, "temp-%ld.rdb", (long)pid);
}

bool sync_directory(const char *path)
{
    int fd = open(path, O_RDONLY);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

bool snapshot_write(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0)
        return false;
    struct rdb_writer w = {.fd = fd};
    rdb_save(&w);
    buffer_free(&w.buffer);
    bool done = !w.has_failed && fsync(fd) == 0;
    return close(fd) == 0 && done;
}

/* Saves into a temporary file, then gives that the old one's name. rename is
 * atomic: a process that opens the name gets the old file or the new one. Until
 * the directory is on disk, a machine that stops could lose the new name. */
static bool save_file(void)
{
    char path[TEMP_NAME_MAX];
    temp_name(path, getpid());
    if (snapshot_write(path) && rename(path, settings.file) == 0 &&
        sync_directory(".")) {
        log_write(LOG_NOTICE, "DB saved on disk");
        return true;
    }
    log_write(LOG_WARNING, "Write error saving DB on disk(%s): %s",
              settings.file, strerror(errno));
    unlink(path);
    return false;
}

/* Notes how a save has ended. `changes` is keyspace_changes() at its begin. */
static void note_end(bool done, uint64_t changes)
{
    snapshot.has_failed = !done;
    if (done) {
        snapshot.saved_changes = changes;
        snapshot.saved_s = clock_ms() / 1000;
    }
    hooks_call(&ends, end_fn, done);
}

bool snapshot_save(void)
{
    bool done = save_file();
    if (done)
        note_end(true, keyspace_changes());
    return done;
}

bool snapshot_begin(void)
{
    snapshot.is_scheduled = false;
    snapshot.tried_s = clock_ms() / 1000;
    pid_t pid = server_fork();
    if (pid == 0)
        _exit(save_file() ? 0 : 1);
    if (pid < 0) {
        log_write(LOG_WARNING, "Can't save in background: fork: %s",
                  strerror(errno));
        note_end(false, 0);
        return false;
    }
    log_write(LOG_NOTICE, "Background saving started by pid %ld", (long)pid);
    memory_is_shared = true;
    snapshot.child = pid;
    snapshot.child_changes = keyspace_changes();
    return true;
}

/* Notes how the child has ended. If a signal ended it, its file is still there.
 * SIGUSR1 comes from the server itself, so it does not count as a failure. */
static void end_child(int status)
{
    char path[TEMP_NAME_MAX];
    int killer = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (killer)
        log_write(LOG_WARNING, "Background saving terminated by signal %d",
                  killer);
    else
        log_write(status == 0 ? LOG_NOTICE : LOG_WARNING,
                  "Background saving %s",
                  status == 0 ? "terminated with success" : "error");
    temp_name(path, snapshot.child);
    unlink(path);
    if (killer != SIGUSR1)
        note_end(status == 0, snapshot.child_changes);
    memory_is_shared = false;
    snapshot.child = 0;
}

void snapshot_abort(void)
{
    int status;
    if (!snapshot.child)
        return;
    kill(snapshot.child, SIGUSR1);
    if (waitpid(snapshot.child, &status, 0) == snapshot.child)
        end_child(status);
}

/* Begins a save if one is scheduled or a save point is reached. */
static void check_points(void)
{
    int64_t now_s = clock_ticked_ms() / 1000, seconds, least;
    int64_t changes = (int64_t)(keyspace_changes() - snapshot.saved_changes);
    struct slice rest = slice_of(settings.points), word;
    if (snapshot.has_failed && now_s - snapshot.tried_s <= RETRY_S)
        return;
    if (snapshot.is_scheduled)
        snapshot_begin();
    while (!snapshot.child && slice_split(&rest, ' ', &word) &&
           parse_int64(word, &seconds) && slice_split(&rest, ' ', &word) &&
           parse_int64(word, &least)) {
        if (changes < least || now_s - snapshot.saved_s <= seconds)
            continue;
        log_write(LOG_NOTICE, "%lld changes in %lld seconds. Saving...",
                  (long long)least, (long long)seconds);
        snapshot_begin();
        return;
    }
}

/* A timer: asks whether the child has ended, or checks the save points. */
static int64_t watch(void *owner)
{
    (void)owner;
    int status;
    if (!snapshot.child)
        check_points();
    else if (waitpid(snapshot.child, &status, WNOHANG) == snapshot.child)
        end_child(status);
    return WATCH_MS;
}

/* Saves before the server stops, if there are save points. Returns false if
 * that fails: the server then goes on. */
static bool save_before_stop(void)
{
    snapshot_abort();
    return !snapshot_has_points() || snapshot_save();
}

void snapshot_open(void)
{
    rdb_formats_add(rdb_formats);
    server_on_stop(save_before_stop);
}

/* The bytes then look like memory, and the kernel reads each page when it is
 * needed. One byte more is mapped than the file has, because mmap refuses a
 * length of 0. */
bool file_map(const char *path, struct slice *bytes)
{
    struct stat status;
    void *start = MAP_FAILED;
    int fd = open(path, O_RDONLY);
    if (fd >= 0 && fstat(fd, &status) == 0)
        start = mmap(NULL, (size_t)status.st_size + 1, PROT_READ, MAP_PRIVATE,
                     fd, 0);
    if (start != MAP_FAILED)
        *bytes = (struct slice){start, (size_t)status.st_size};
    if (fd >= 0)
        close(fd);
    return start != MAP_FAILED;
}

void file_unmap(struct slice bytes)
{
    munmap((void *)bytes.ptr, bytes.len + 1);
}

bool snapshot_load(struct slice bytes)
{
    struct rdb_reader r;
    clock_tick();
    rdb_reader_open(&r, bytes);
    bool done = rdb_load(&r, &snapshot.load);
    if (done)
        log_write(LOG_NOTICE,
                  "Done loading RDB, keys loaded: %lld, keys expired: %lld.",
                  (long long)snapshot.load.keys,
                  (long long)snapshot.load.expired);
    else
        log_write(LOG_WARNING,
                  "Internal error in RDB reading offset %lld -> %s",
                  (long long)(r.at - r.start), r.reason);
    rdb_reader_close(&r);
    return done;
}

bool snapshot_read(void)
{
    struct slice bytes;
    if (!file_map(settings.file, &bytes)) {
        bool is_missing = errno == ENOENT;
        if (!is_missing)
            log_write(LOG_WARNING, "Fatal error loading the DB: %s. Exiting.",
                      strerror(errno));
        return is_missing;
    }
    bool done = snapshot_load(bytes);
    file_unmap(bytes);
    return done;
}

bool snapshot_start(void)
{
    snapshot.saved_s = clock_ms() / 1000;
    if (!snapshot_read())
        return false;
    timer_start(WATCH_MS, watch, NULL);
    return true;
}
