/* process: the server as the operating system sees it: where it runs, where
 * its log goes, whether it runs in the background. */
#ifndef COMMON_PROCESS_H
#define COMMON_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

extern const struct config_row process_config[];

/* Prepares for serving when the configuration is known: looks whether the log
 * can be written and, when asked to, goes on as a child without a terminal. */
void process_begin(void);

/* How long this process has been serving. */
int64_t process_uptime_ms(void);

/* The process id in a file, for scripts that stop the server by it; only when a
 * file was named or the process is in the background. */
void process_write_pid(void);
void process_remove_pid(void);

/* Raises the limit of open files, if it is lower. Returns how many the process
 * may open now, which may be fewer than wanted. */
int64_t process_allow_files(int64_t wanted);

#endif
