/* aof_load: builds the data again from a log. */
#ifndef PERSIST_AOF_LOAD_H
#define PERSIST_AOF_LOAD_H

#include <stdbool.h>

extern bool aof_load_truncated;

bool aof_load(void);

#endif
