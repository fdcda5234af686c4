/* errno: wasi-libc's, with the errors of families of addresses. */
#ifndef CONSOLE_ERRNO_H
#define CONSOLE_ERRNO_H

#include_next <errno.h>

#define ESOCKTNOSUPPORT EPROTONOSUPPORT
#define EPFNOSUPPORT EAFNOSUPPORT

#endif
