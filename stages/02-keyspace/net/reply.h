/* reply: the writer's half of the protocol, in both versions.
 *
 * A handler says what it answers; here it becomes bytes. Where RESP3 has a
 * type that RESP2 lacks, clients of RESP2 get what Redis gives them: a map
 * becomes an array twice as long, a double a bulk string, and so on.
 *
 * An aggregate is a header followed by that many replies. Error texts carry
 * their code: "ERR syntax error". */
#ifndef NET_REPLY_H
#define NET_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"

struct client;
struct output_block;

/* How many errors were answered since the start or CONFIG RESETSTAT. */
extern int64_t reply_errors;

void reply_simple(struct client *c, const char *text); /* +OK */
void reply_ok(struct client *c);
void reply_error(struct client *c, const char *text);
void reply_errorf(struct client *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void reply_integer(struct client *c, int64_t value);

void reply_bulk(struct client *c, struct slice bytes);
void reply_bulk_text(struct client *c, const char *text);
void reply_bulk_integer(struct client *c, int64_t value); /* as digits */

void reply_null(struct client *c); /* no such value */
void reply_null_array(struct client *c); /* no such list of values */
void reply_bool(struct client *c, bool value);
void reply_double(struct client *c, double value);
void reply_big_number(struct client *c, const char *digits);
void reply_verbatim(struct client *c, const char *format, /* "txt" */
                    struct slice bytes);

void reply_array(struct client *c, size_t count);
void reply_map(struct client *c, size_t pairs);
void reply_set(struct client *c, size_t count);
void reply_push(struct client *c, size_t count);

/* Something about the reply that follows, for clients of RESP3 only. */
void reply_attribute(struct client *c, size_t pairs);

/* An aggregate whose length is known only at its end: begin it, write the
 * elements, then close it as what it is. */
struct output_block *reply_begin(struct client *c);
void reply_end_array(struct client *c, struct output_block *begun,
                     size_t count);
void reply_end_map(struct client *c, struct output_block *begun, size_t pairs);
void reply_end_set(struct client *c, struct output_block *begun, size_t count);

#endif
