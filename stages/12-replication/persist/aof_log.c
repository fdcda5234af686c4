/* When a write comes while the thread is in fsync, the kernel may hold it up
 * until that is done. So the write waits in the buffer, two seconds at most:
 *
 *   fsync     |------------------------- 2.6 s ----|
 *   turns     w    .   .   .   .   .   .   w           . postponed
 *
 * A write that fails in part is undone, because the next attempt begins anew: a
 * log must not have half a command in the middle. */
#include "persist/aof_log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/call.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/numbers.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "persist/aof_sync.h"

enum {
    POSTPONE_MS = 2000,
    FSYNC_MS = 1000,
    PENDING_KEPT = 64 * 1024 /* capacity that a buffer keeps when it is empty */
};

struct aof_log aof_log = {.fd = -1};

static bool is_dirty; /* the file has bytes for which fsync was not called */
static int64_t synced_ms; /* when fsync was called last */
static int64_t postponed_ms; /* since when a write waits; 0: none does */

/* Appends "*3\r\n" or "$3\r\n". */
static void append_header(struct buffer *out, char type, size_t number)
{
    char *at = buffer_reserve(out, INT64_TEXT_MAX + 3);
    *at = type;
    at += 1 + format_int64(at + 1, (int64_t)number);
    at[0] = '\r';
    at[1] = '\n';
    out->len = (size_t)(at + 2 - out->data);
}

void append_command(struct buffer *out, int argc, const struct slice *argv)
{
    append_header(out, '*', (size_t)argc);
    for (int i = 0; i < argc; i++) {
        append_header(out, '$', argv[i].len);
        buffer_append_slice(out, argv[i]);
        buffer_append(out, "\r\n", 2);
    }
}

/* Appends an effect, after SELECT if it is in another database. */
static void append_effect(int db, int argc, const struct slice *argv)
{
    char text[INT64_TEXT_MAX];
    if (aof_log.fd < 0)
        return;
    if (db != aof_log.db) {
        const struct slice select[] = {SLICE("SELECT"),
                                       {text, format_int64(text, db)}};
        append_command(&aof_log.pending, 2, select);
        aof_log.db = db;
    }
    append_command(&aof_log.pending, argc, argv);
}

/* Notes how a write has ended: errno, or 0. */
static void note_result(int error)
{
    if (error != aof_log.error)
        log_write(LOG_WARNING, "Writing to the AOF file: %s", strerror(error));
    aof_log.error = error;
    if (error && aof_log.fsync == FSYNC_ALWAYS) {
        log_write(LOG_WARNING, "Exiting, as appendfsync is 'always'.");
        exit(1);
    }
}

/* Writes all that is pending or, if possible, nothing. */
static void write_pending(void)
{
    struct buffer *pending = &aof_log.pending;
    size_t done = 0;
    ssize_t count = 0;
    while (done < pending->len && (count >= 0 || errno == EINTR)) {
        count = write(aof_log.fd, pending->data + done, pending->len - done);
        done += count > 0 ? (size_t)count : 0;
    }
    int error = done < pending->len ? errno : 0;
    if (error && ftruncate(aof_log.fd, aof_log.size) == 0)
        done = 0;
    aof_log.size += (int64_t)done;
    aof_log.total += (int64_t)done;
    is_dirty |= done > 0;
    buffer_consume(pending, done);
    if (pending->len == 0 && pending->capacity > PENDING_KEPT)
        buffer_free(pending);
    note_result(error);
}

/* Returns whether the write is put off because the thread is in fsync. */
static bool is_postponed(void)
{
    if (aof_log.fsync != FSYNC_EVERYSEC || !sync_is_busy()) {
        postponed_ms = 0;
        return false;
    }
    if (!postponed_ms)
        postponed_ms = monotonic_ms();
    if (monotonic_ms() - postponed_ms < POSTPONE_MS)
        return true;
    postponed_ms = 0;
    aof_log.delayed++;
    log_write(LOG_NOTICE, "Asynchronous AOF fsync is taking too long.");
    return false;
}

/* Calls fsync for what was written, now or in the thread. */
static void sync_written(void)
{
    bool is_due = aof_log.fsync == FSYNC_EVERYSEC && !sync_is_busy() &&
                  monotonic_ms() - synced_ms >= FSYNC_MS;
    int fd = is_due ? dup(aof_log.fd) : -1;
    if (aof_log.fsync == FSYNC_ALWAYS)
        note_result(fsync(aof_log.fd) == 0 ? 0 : errno);
    else if (fd >= 0)
        sync_later(fd);
    else
        return;
    is_dirty = false;
    synced_ms = monotonic_ms();
}

void aof_log_flush(bool now)
{
    if (aof_log.pending.len > 0 && (now || !is_postponed()))
        write_pending();
    if ((is_dirty || sync_error()) && aof_log.fd >= 0 && !aof_log.error &&
        !aof_log.is_held)
        sync_written();
}

/* Called in each turn, and before replies are sent. */
static void flush(void)
{
    aof_log_flush(false);
}

void aof_log_open(int fd)
{
    aof_log_flush(true);
    if (is_dirty && aof_log.fsync == FSYNC_EVERYSEC)
        sync_later(aof_log.fd);
    else if (aof_log.fd >= 0)
        close(aof_log.fd);
    aof_log.size = fd >= 0 ? lseek(fd, 0, SEEK_END) : 0;
    aof_log.fd = fd;
    aof_log.db = -1;
    aof_log.error = 0;
    buffer_free(&aof_log.pending);
    is_dirty = false;
    synced_ms = monotonic_ms();
}

void aof_log_start(void)
{
    propagate_to(append_effect);
    connection_before_send(flush);
    event_each_turn(flush);
}
