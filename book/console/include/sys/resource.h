/* resource: wasi-libc's, with limits, of which a page has none. */
#ifndef CONSOLE_SYS_RESOURCE_H
#define CONSOLE_SYS_RESOURCE_H

#include_next <sys/resource.h>

typedef unsigned long long rlim_t;
struct rlimit {
    rlim_t rlim_cur, rlim_max;
};

#define RLIM_INFINITY (~0ULL)
enum { RLIMIT_NOFILE = 7 };

int getrlimit(int resource, struct rlimit *limit);
int setrlimit(int resource, const struct rlimit *limit);

#endif
