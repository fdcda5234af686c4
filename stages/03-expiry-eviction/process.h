/* process: the server as the operating system sees it: where it runs, where
 * its log goes, whether it runs in the background. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

extern const struct config_row process_config[];

/* Looks at settings that only make sense when all are known. */
bool process_check(const char **error);

/* When asked to, goes on as a child that has no terminal. */
void process_enter_background(void);

/* How long this process has been serving. */
int64_t process_uptime_ms(void);

/* The process id in a file, for those who stop the server by it; only when a
 * file was named or the process is in the background. */
void process_write_pid(void);
void process_remove_pid(void);

#endif
