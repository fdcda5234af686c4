/* snapshot: the file that the data is read from at the start. */
#ifndef PERSIST_SNAPSHOT_H
#define PERSIST_SNAPSHOT_H

#include <stdbool.h>

#include "common/config.h"

extern const struct config_row snapshot_config[];

/* Reads the file, if there is one, into databases that are empty. */
bool snapshot_start(void);

#endif
