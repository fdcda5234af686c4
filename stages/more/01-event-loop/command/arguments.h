/* arguments: parses arguments that are words, or integers with errors of their
 * own. */
#ifndef MORE_COMMAND_ARGUMENTS_H
#define MORE_COMMAND_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/choice.h"
#include "common/slice.h"

struct client;

#define SYNTAX_ERROR "ERR syntax error"

/* Finds the argument in the table; *out is its value. Replies with the error,
 * or a syntax error when it is NULL, and returns false if it is not there. */
bool choice_or_reply(struct client *c, struct slice arg,
                     const struct choice *table, int *out, const char *error);

/* Parses an integer of at least that much. Replies with the error and returns
 * false if the argument is less, or is none. */
bool at_least_or_reply(struct client *c, struct slice arg, int64_t least,
                       int64_t *out, const char *error);

#endif
