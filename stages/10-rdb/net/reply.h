/* reply: the writer's half of the protocol, in both versions.
 *
 * A handler says what it replies; here it becomes bytes at the end of the
 * client's output. Where RESP3 has a type that RESP2 lacks, clients of RESP2
 * get what Redis sends them: a map becomes an array twice as long, a set an
 * array.
 *
 * An aggregate is a header followed by that many replies. Error texts begin
 * with their code: "ERR syntax error". */
#ifndef NET_REPLY_H
#define NET_REPLY_H

#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"

struct client;

/* The first byte of an aggregate in RESP3. RESP2 has arrays only. */
enum reply_type {
    REPLY_ARRAY = '*',
    REPLY_MAP = '%', /* of pairs: key, value */
    REPLY_SET = '~',
    REPLY_PUSH = '>' /* a message that is no reply to a command */
};

/* One line each. The text has no line ending. */
void reply_simple(struct client *c, const char *text);
void reply_ok(struct client *c);
void reply_error(struct client *c, const char *text);

/* As printf, of any length. Line endings in it become spaces. */
void reply_errorf(struct client *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A signed number of 64 bits. */
void reply_integer(struct client *c, int64_t value);

/* "1.5", "inf": a double in RESP3, a bulk string in RESP2. */
void reply_double(struct client *c, double value);

/* Any bytes, zero bytes and line endings among them; they are copied. */
void reply_bulk(struct client *c, struct slice bytes);
void reply_bulk_text(struct client *c, const char *text); /* to its zero byte */

void reply_null(struct client *c); /* no such value */
void reply_null_array(struct client *c); /* where there would be several */

/* An aggregate of `count` elements, or pairs, which follow. */
void reply_aggregate(struct client *c, enum reply_type type, size_t count);
void reply_array(struct client *c, size_t count);
void reply_map(struct client *c, size_t pairs);

/* A push of elements that are formatted already, their number first: a message
 * to many is formatted once. It is no reply, and no client misses it for having
 * turned its replies off. */
void reply_push(struct client *c, struct slice formatted);

/* An aggregate whose length is known only at its end: begin it, write the
 * elements, then end it as what it is. Or a text that is known only after what
 * follows it, at most as long as a number is. */
struct output_block;
struct output_block *reply_begin(struct client *c);
void reply_end_aggregate(struct client *c, struct output_block *begun,
                         enum reply_type type, size_t count);
void reply_end_bulk(struct client *c, struct output_block *begun,
                    struct slice bytes);

/* Calls fn with each error that a client is replied with. */
typedef void error_fn(struct client *c, const char *text);
void reply_on_error(error_fn *fn);

/* What replies are made of: "<type><number>\r\n", which is a number or opens
 * what has a length, and "<type><text>\r\n", whose text has no line ending. */
void reply_header(struct client *c, char type, int64_t number);
void reply_line(struct client *c, char type, struct slice text);

#endif
