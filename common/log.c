/* log: one line, one write.
 *
 * The file is opened for every line, so that it can be renamed or removed
 * while the server runs and the next line starts a new one. A line goes out
 * in a single write at the file's end: lines of several processes never mix. */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

enum {
    TEXT_MAX = 1024, /* a longer text is cut */
    LINE_MAX_BYTES = TEXT_MAX + 128
};

struct log_settings log_settings = {.level = LOG_NOTICE, .role = 'M'};

/* Open for one line; a child that executes something does not inherit it. */
static int open_log(const char *path)
{
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
}

bool log_file_is_writable(const char *path)
{
    int fd = open_log(path);
    if (fd == -1)
        return false;
    close(fd);
    return true;
}

/* "4242:M 20 Nov 2026 12:00:00.123 * "; returns its length. */
static size_t write_prefix(char *out, size_t size, enum log_level level)
{
    int64_t now_ms = clock_ms();
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm local;
    char date[64];
    localtime_r(&seconds, &local);
    strftime(date, sizeof date, "%d %b %Y %H:%M:%S", &local);
    int len =
        snprintf(out, size, "%ld:%c %s.%03d %c ", (long)getpid(),
                 log_settings.role, date, (int)(now_ms % 1000), ".-*#"[level]);
    return (size_t)len;
}

/* An error is dropped: the log is where it would be reported. */
static void write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t count = write(fd, bytes, len);
        if (count <= 0 && errno != EINTR)
            return;
        if (count > 0) {
            bytes += count;
            len -= (size_t)count;
        }
    }
}

/* Keeps errno, so that a caller may log before it looks at it. */
void log_write(enum log_level level, const char *format, ...)
{
    if ((int)level < log_settings.level)
        return;
    int saved_errno = errno;
    char line[LINE_MAX_BYTES];
    size_t len = write_prefix(line, sizeof line, level);
    va_list args;
    va_start(args, format);
    vsnprintf(line + len, TEXT_MAX, format, args);
    va_end(args);
    len += strlen(line + len);
    line[len++] = '\n';

    bool to_file = log_settings.file != NULL && log_settings.file[0] != '\0';
    int fd = to_file ? open_log(log_settings.file) : STDOUT_FILENO;
    if (fd != -1)
        write_all(fd, line, len);
    if (to_file && fd != -1)
        close(fd);
    errno = saved_errno;
}
