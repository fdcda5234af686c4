/* stdlib: wasi-libc's, with a function that it lacks. */
#ifndef CONSOLE_STDLIB_H
#define CONSOLE_STDLIB_H

#include_next <stdlib.h>

int mkstemp(char *path);

#endif
