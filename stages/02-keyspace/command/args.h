/* args: arguments that are numbers.
 *
 * Each function parses one and returns true. It replies with an error and
 * returns false if the argument is invalid. */
#ifndef COMMAND_ARGS_H
#define COMMAND_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/slice.h"

struct client;

/* Accepts any int64. `error` is the error's text, NULL for the usual one. */
bool integer_or_reply(struct client *c, struct slice arg, int64_t *out,
                      const char *error);

/* Accepts an integer within these bounds, both inclusive. `error` is the text
 * for one outside of them; what isn't an integer gets the usual one. */
bool range_or_reply(struct client *c, struct slice arg, int64_t min,
                    int64_t max, int64_t *out, const char *error);

#endif
