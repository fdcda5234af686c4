/* use: how much a key was used before it came here. */
#ifndef MORE_STORE_USE_H
#define MORE_STORE_USE_H

#include <stdint.h>

#include "store/entry.h"

/* Sets how long ago a key was used last, or how often it is used, whichever the
 * policy keeps. -1: it is not known. */
void entry_set_use(struct entry *e, int64_t idle_s, int64_t frequency);

#endif
