/* config_change: parameters while the server runs: told, changed, and written
 * back into the file they came from. */
#ifndef COMMON_CONFIG_CHANGE_H
#define COMMON_CONFIG_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "config.h"
#include "slice.h"

/* Appends the value as text. */
void config_format(const struct config_row *row, struct buffer *out);

/* Appends a size with the largest unit that divides it: 512mb. */
void config_format_bytes(uint64_t bytes, struct buffer *out);

/* Sets `count` parameters, all or none; each is a name and a value. On false
 * *culprit is the name at fault and *error the reason, NULL for a name that is
 * unknown. */
bool config_set(const struct slice *pairs, int count, struct slice *culprit,
                const char **error);

/* Whether config_set may set what is protected; at first it may not. */
void config_allow_protected(bool allowed);

/* Writes the values into the file they were read from; comments and the order
 * of lines stay. False with *error when there is none, or it cannot be
 * written; the old one is then untouched. */
bool config_rewrite(const char **error);

#endif
