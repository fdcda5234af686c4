/* args: arguments as numbers. Each function replies with an error and returns
 * false if the argument is invalid; `error` is its text, NULL for the usual
 * one. */
#ifndef COMMAND_ARGS_H
#define COMMAND_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/slice.h"

struct client;

/* Any int64. */
bool integer_or_reply(struct client *c, struct slice arg, int64_t *out,
                      const char *error);

/* An integer within these bounds, both inclusive; `error` is for one that is
 * outside. */
bool range_or_reply(struct client *c, struct slice arg, int64_t min,
                    int64_t max, int64_t *out, const char *error);

/* Wrong number of arguments, where the count alone does not say it. */
void reply_wrong_arity(struct client *c);

#endif
