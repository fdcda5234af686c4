/* What a log may look like at its end, when the machine has stopped in a write:
 *
 *   *2 $3 DEL $1 a | *3 $3 SET $1 b $1          the last command is torn
 *                  ^ good
 *   *1 $5 MULTI | *2 $4 INCR $1 a |             EXEC is missing
 *   ^ good
 *
 * Nothing follows a torn end, so it can be cut off at `good`: the commands
 * before are complete, and a transaction is executed as a whole or not at all.
 * Anything else that cannot be read has other reasons, and the server does not
 * start. */
#include "persist/aof_load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"
#include "command/dispatch.h"
#include "command/transaction.h"
#include "common/clock.h"
#include "common/log.h"
#include "net/client.h"
#include "persist/snapshot.h"
#include "store/entry.h"

bool aof_load_truncated;
size_t (*aof_snapshot_length)(const char *path, struct slice bytes);
void (*aof_progress)(size_t at, size_t end);

/* How the commands of a file end. */
enum ending { WHOLE, TORN, MALFORMED, UNKNOWN };

/* The commands of a file, and how far they are executed. */
struct replay {
    struct client *client;
    struct resp_reader reader;
    struct buffer bytes; /* of the file, which is mapped */
    size_t good; /* where the next command begins, or its transaction */
};

/* Reads over a line: "#TS:1700000000", when the next commands were executed. */
static enum ending skip_comment(struct replay *r)
{
    const char *at = r->bytes.data + r->reader.position;
    const char *end = memchr(at, '\n', r->bytes.len - r->reader.position);
    if (end)
        r->reader.position += (size_t)(end - at) + 1;
    return end ? WHOLE : TORN;
}

/* Executes the command that was read, or keeps it for EXEC. Returns false if
 * this server cannot have logged it. */
static bool execute(struct client *c, const struct resp_reader *reader)
{
    bool is_known = dispatch_take(c, reader);
    if (is_known && !transaction_queue(c))
        c->command->handler(c);
    return is_known;
}

/* Reads a command. A log has no empty ones, and none in a line. */
static enum ending read_command(struct replay *r)
{
    const char *at = r->bytes.data + r->reader.position;
    size_t left = r->bytes.len - r->reader.position;
    bool is_array = at[0] == '*' && (left < 2 || (at[1] > '0' && at[1] <= '9'));
    enum resp_status status =
        is_array ? resp_read(&r->reader, &r->bytes) : RESP_MALFORMED;
    if (status != RESP_COMMAND)
        return status == RESP_INCOMPLETE ? TORN : MALFORMED;
    return execute(r->client, &r->reader) ? WHOLE : UNKNOWN;
}

/* Executes the commands of a file. */
static enum ending repeat(struct replay *r)
{
    enum ending ending = WHOLE;
    while (ending == WHOLE && r->reader.position < r->bytes.len) {
        const char *at = r->bytes.data + r->reader.position;
        if (aof_progress)
            aof_progress(r->reader.position, r->bytes.len);
        ending = *at == '#' ? skip_comment(r) : read_command(r);
        if (ending == WHOLE && !(r->client->flags & CLIENT_MULTI))
            r->good = r->reader.position;
    }
    return ending == WHOLE && r->good < r->bytes.len ? TORN : ending;
}

/* Cuts a torn end off. Returns false if it is not there to be cut off. */
static bool cut_off(const char *path, size_t good, bool is_last)
{
    const char *reason = NULL;
    if (!is_last)
        reason = "the file is not the last one";
    else if (!aof_load_truncated)
        reason = "aof-load-truncated is no";
    else if (truncate(path, (off_t)good) != 0)
        reason = strerror(errno);
    log_write(LOG_WARNING,
              "The AOF %s ends within a command at offset %llu: %s", path,
              (unsigned long long)good, reason ? reason : "truncated");
    return !reason;
}

/* Executes the commands from `start` on, by a client whose connection leads
 * nowhere. */
static bool load_commands(const char *path, struct slice bytes, size_t start,
                          bool is_last)
{
    struct replay r = {.bytes = {.data = (char *)bytes.ptr, .len = bytes.len}};
    r.client = client_create(open("/dev/null", O_WRONLY), 0);
    r.client->output.muted = true;
    resp_init(&r.reader);
    r.reader.position = r.good = start;
    enum ending ending = repeat(&r);
    client_free(r.client);
    resp_free(&r.reader);
    if (ending == TORN)
        return cut_off(path, r.good, is_last);
    if (ending != WHOLE)
        log_write(LOG_WARNING, "%s in the AOF %s at offset %llu",
                  ending == UNKNOWN ? "Unknown command" : "Bad file format",
                  path, (unsigned long long)r.good);
    return ending == WHOLE;
}

/* Loads one file, and adds its bytes. */
static bool load_file(const struct aof_file *file, bool is_last, int64_t *bytes)
{
    char path[AOF_PATH_MAX];
    struct slice all;
    aof_path(path, file->name);
    if (!file_map(path, &all)) {
        log_write(LOG_WARNING, "Can't open AOF %s: %s", path, strerror(errno));
        return false;
    }
    bool is_snapshot = all.len >= 5 && memcmp(all.ptr, "REDIS", 5) == 0;
    size_t start = is_snapshot ? all.len : 0;
    if (is_snapshot && aof_snapshot_length)
        start = aof_snapshot_length(path, all);
    bool done =
        (!is_snapshot || snapshot_load((struct slice){all.ptr, start})) &&
        load_commands(path, all, start, is_last);
    file_unmap(all);
    *bytes += (int64_t)all.len;
    return done;
}

bool aof_load(const struct manifest *m, int64_t *base_bytes, int64_t *bytes)
{
    bool done = true;
    int64_t limit = resp_max_bulk_len; /* is for clients */
    *bytes = *base_bytes = 0;
    clock_tick();
    resp_max_bulk_len = INT64_MAX / 2;
    is_replay = true;
    for (int i = 0; done && i < m->count; i++) {
        if (m->files[i].type != AOF_HISTORY)
            done = load_file(&m->files[i], i == m->count - 1, bytes);
        if (m->files[i].type == AOF_BASE)
            *base_bytes = *bytes;
    }
    is_replay = false;
    resp_max_bulk_len = limit;
    return done;
}
