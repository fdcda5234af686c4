/* args: arguments as numbers and words. Each answers the client when it
 * fails. */
#ifndef COMMAND_ARGS_H
#define COMMAND_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/choice.h"
#include "common/slice.h"

struct client;

/* Any int64; `error` is what to answer, NULL for the usual text. */
bool arg_integer(struct client *c, struct slice arg, int64_t *out,
                 const char *error);

/* An integer of these bounds, both inclusive. */
bool arg_range(struct client *c, struct slice arg, int64_t min, int64_t max,
               int64_t *out, const char *error);

/* One of the table's words; *out is its value. */
bool arg_choice(struct client *c, struct slice arg, const struct choice *table,
                int *out, const char *error);

/* What strtod takes, except NaN and what is too large. */
bool arg_double(struct client *c, struct slice arg, double *out,
                const char *error);
bool arg_long_double(struct client *c, struct slice arg, long double *out,
                     const char *error);

/* Wrong number of arguments, where the count alone does not say it. */
void reply_wrong_arity(struct client *c);

#endif
