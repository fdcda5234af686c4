#include "persist/aof_manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/buffer.h"
#include "common/config.h"
#include "common/log.h"
#include "common/numbers.h"
#include "common/quote.h"
#include "common/zmalloc.h"
#include "persist/snapshot.h"

char *aof_directory, *aof_name;

void aof_path(char out[AOF_PATH_MAX], const char *name)
{
    snprintf(out, AOF_PATH_MAX, "%s/%s", aof_directory, name);
}

/* Writes the path of the manifest, or of the file that is to become it. */
static void manifest_path(char out[AOF_PATH_MAX], const char *prefix)
{
    snprintf(out, AOF_PATH_MAX, "%s/%s%s.manifest", aof_directory, prefix,
             aof_name);
}

struct aof_file *manifest_last(const struct manifest *m, char type)
{
    for (int i = m->count; i-- > 0;) {
        if (m->files[i].type == type)
            return &m->files[i];
    }
    return NULL;
}

/* Returns a file with the number after that of the last one of its type. */
static struct aof_file next_file(const struct manifest *m, char type,
                                 const char *suffix)
{
    const struct aof_file *last = manifest_last(m, type);
    struct aof_file file = {.seq = last ? last->seq + 1 : 1, .type = type};
    snprintf(file.name, sizeof file.name, "%s.%lld.%s", aof_name,
             (long long)file.seq, suffix);
    return file;
}

/* Adds a file at the end. */
static struct aof_file *append(struct manifest *m, struct aof_file file)
{
    size_t count = (size_t)m->count + 1;
    m->files = zrealloc(m->files, count * sizeof file);
    m->files[m->count++] = file;
    return &m->files[m->count - 1];
}

struct aof_file *manifest_add_incr(struct manifest *m)
{
    return append(m, next_file(m, AOF_INCR, "incr.aof"));
}

struct manifest manifest_rebase(const struct manifest *m, const char *suffix,
                                int kept)
{
    struct manifest changed = {0};
    append(&changed, next_file(m, AOF_BASE, suffix));
    for (int i = 0; i < m->count; i++) {
        struct aof_file *file = append(&changed, m->files[i]);
        if (i < m->count - kept)
            file->type = AOF_HISTORY;
    }
    return changed;
}

void manifest_clean(struct manifest *m)
{
    char path[AOF_PATH_MAX];
    int kept = 0;
    for (int i = 0; i < m->count; i++) {
        aof_path(path, m->files[i].name);
        if (m->files[i].type == AOF_HISTORY)
            unlink(path);
        else
            m->files[kept++] = m->files[i];
    }
    if (kept == m->count)
        return;
    m->count = kept;
    manifest_write(m);
}

/* Reads a line: pairs of a name and a value, in any order; unknown names are of
 * later versions. Returns NULL, or what is wrong. */
static const char *read_line(struct manifest *m, char *line, size_t len)
{
    struct slice *words;
    struct aof_file file = {0};
    int count = split_arguments(line, len, &words);
    for (int i = 0; i + 1 < count; i += 2) {
        struct slice value = words[i + 1];
        if (slice_is(words[i], "file") && value.len < sizeof file.name)
            memcpy(file.name, value.ptr, value.len);
        else if (slice_is(words[i], "seq"))
            parse_int64(value, &file.seq);
        else if (slice_is(words[i], "type") && value.len == 1)
            file.type = *value.ptr;
    }
    zfree(words);
    const struct aof_file *last = manifest_last(m, file.type);
    if (count % 2 != 0 || !*file.name || strchr(file.name, '/') ||
        file.seq <= 0 || !file.type || !strchr("bhi", file.type))
        return "Invalid AOF manifest file format";
    if (file.type == AOF_BASE && m->count > 0)
        return "The base is not the first file";
    if (last && file.type == AOF_INCR && last->seq >= file.seq)
        return "Found a non-monotonic sequence number";
    append(m, file);
    return NULL;
}

/* Reads all lines, each of which must end. Returns NULL, or what is wrong. */
static const char *read_text(struct manifest *m, struct slice text)
{
    const char *reason = NULL;
    struct slice line;
    if (text.len == 0 || text.ptr[text.len - 1] != '\n')
        return "The AOF manifest file contains too long line";
    while (!reason && slice_split(&text, '\n', &line)) {
        if (line.len == 0 || *line.ptr != '#')
            reason = read_line(m, (char *)line.ptr, line.len);
    }
    return reason;
}

bool manifest_read(struct manifest *m)
{
    char path[AOF_PATH_MAX];
    struct buffer text = {0};
    manifest_path(path, "");
    FILE *stream = fopen(path, "r");
    if (!stream && errno == ENOENT)
        return true;
    const char *reason = strerror(errno);
    if (stream) {
        config_append_stream(&text, stream);
        fclose(stream);
        reason = read_text(m, buffer_slice(&text));
        buffer_free(&text);
    }
    if (reason)
        log_write(LOG_WARNING, "Fatal error reading %s, file %d: %s", path,
                  m->count + 1, reason);
    return !reason;
}

bool manifest_write(const struct manifest *m)
{
    char path[AOF_PATH_MAX], temp[AOF_PATH_MAX];
    struct buffer text = {0};
    for (int i = 0; i < m->count; i++) {
        const struct aof_file *file = &m->files[i];
        buffer_append_text(&text, "file ");
        if (strpbrk(file->name, " \"'\\"))
            quote_append(&text, slice_of(file->name));
        else
            buffer_append_text(&text, file->name);
        buffer_printf(&text, " seq %lld type %c\n", (long long)file->seq,
                      file->type);
    }
    manifest_path(path, "");
    manifest_path(temp, "temp-");
    int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    bool done = fd >= 0 &&
                write(fd, text.data, text.len) == (ssize_t)text.len &&
                fsync(fd) == 0 && rename(temp, path) == 0 &&
                sync_directory(aof_directory);
    if (fd >= 0)
        close(fd);
    buffer_free(&text);
    return done;
}
