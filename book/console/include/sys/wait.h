/* wait: how a child ended. */
#ifndef CONSOLE_SYS_WAIT_H
#define CONSOLE_SYS_WAIT_H

#include <sys/types.h>

/* A status holds the signal that ended the child, and above it its code. */
#define WIFEXITED(status) (((status)&127) == 0)
#define WEXITSTATUS(status) ((status) >> 8 & 255)
#define WIFSIGNALED(status) (((status)&127) != 0)
#define WTERMSIG(status) ((status)&127)

enum { WNOHANG = 1 };

pid_t waitpid(pid_t pid, int *status, int options);

#endif
