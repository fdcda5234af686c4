/* stat: wasi-libc's, with permissions, of which a page has none. */
#ifndef CONSOLE_SYS_STAT_H
#define CONSOLE_SYS_STAT_H

#include_next <sys/stat.h>

int chmod(const char *path, mode_t mode);
int fchmod(int fd, mode_t mode);

#endif
