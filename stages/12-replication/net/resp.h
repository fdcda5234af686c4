/* resp: the reader's half of the Redis serialization protocol.
 *
 *   *2\r\n $4\r\n ECHO\r\n $5\r\n hello\r\n      a command of two arguments
 *   ECHO hello\r\n                               the same, typed by a person
 *
 * Bytes arrive in pieces of any size, and the reader remembers how far it is.
 * A command of n arguments costs O(n), however it is cut: the bytes of an
 * argument are not looked at, and only a header or a line that is incomplete
 * is searched again, 64 KB at most. Knows no command: all arguments are bytes.
 * (Source: the RESP specification; networking.c in Redis.) */
#ifndef NET_RESP_H
#define NET_RESP_H

#include <stdint.h>

#include "common/buffer.h"
#include "common/slice.h"

enum resp_status {
    RESP_COMMAND, /* argc and argv hold a command */
    RESP_INCOMPLETE, /* all is well, but more bytes are needed */
    RESP_MALFORMED /* `error` says why; the connection must end */
};

/* What a reader accepts less of than the protocol allows. */
struct resp_limits {
    int64_t args;
    const char *args_error;
    int64_t bulk_len;
    const char *bulk_len_error;
};

struct resp_reader {
    struct slice *argv; /* slices into the input, until it next changes */
    int argc;
    const char *error; /* valid until any reader is called again */
    const struct resp_limits *limits; /* NULL: those of the protocol */

    size_t start; /* where in the input the command being read begins */
    size_t position; /* where reading goes on; all before it is parsed */
    int64_t args_left; /* arguments to come; 0 between commands */
    int64_t bulk_len; /* of the argument being read; -1 before its length */
    int capacity; /* of argv and starts */
    size_t *starts; /* where each argument begins, counted from `start` */
};

/* The longest argument that is accepted, in bytes (proto-max-bulk-len). */
extern int64_t resp_max_bulk_len;

/* Reads the next command from the input. Call it again with the same reader
 * when more bytes were appended to the input. */
enum resp_status resp_read(struct resp_reader *r, struct buffer *input);

/* Returns how many bytes the argument being read still lacks, for a reader of
 * sockets to make space; 0 when none is being read. */
size_t resp_missing(const struct resp_reader *r, const struct buffer *input);

/* Removes the commands that were read from the front of the input; an
 * incomplete one stays. argv is invalid afterwards. */
void resp_discard_read(struct resp_reader *r, struct buffer *input);

/* A reader is initialised once. To free it gives its memory back and lets it
 * begin again, between two commands. */
void resp_init(struct resp_reader *r);
void resp_free(struct resp_reader *r);

#endif
