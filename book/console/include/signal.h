/* signal: wasi-libc's, with sigaction and kill, which it lacks. */
#ifndef CONSOLE_SIGNAL_H
#define CONSOLE_SIGNAL_H

#include_next <signal.h>

#include <sys/types.h>

typedef unsigned page_sigset;
#define sigset_t page_sigset
struct sigaction {
    void (*sa_handler)(int);
    sigset_t sa_mask;
    int sa_flags;
};

enum { SA_RESTART = 0x10000000 };

int sigaction(int number, const struct sigaction *action,
              struct sigaction *before);
int kill(pid_t pid, int number);

#endif
