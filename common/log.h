/* log: lines in Redis's format.
 *
 *   4242:M 20 Nov 2026 12:00:00.123 * Ready to accept connections
 *
 * process id, role, date with milliseconds, level (. - * #), text. */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stdbool.h>

enum log_level { LOG_DEBUG, LOG_VERBOSE, LOG_NOTICE, LOG_WARNING };

struct log_settings {
    int level; /* enum log_level; lines below it are not written */
    char *file; /* "" or NULL: standard output */
    char role; /* 'M' a primary, 'S' a replica, 'C' a child, 'X' sentinel */
};

extern struct log_settings log_settings;

/* Whether the log file can be written to; on failure errno says why. */
bool log_file_is_writable(const char *path);

void log_write(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
