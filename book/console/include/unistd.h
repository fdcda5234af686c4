/* unistd: wasi-libc's, with what it lacks. */
#ifndef CONSOLE_UNISTD_H
#define CONSOLE_UNISTD_H

#include_next <unistd.h>

int pipe(int ends[2]);
int dup(int fd);
int dup2(int fd, int as);
pid_t fork(void);
pid_t setsid(void);

#endif
