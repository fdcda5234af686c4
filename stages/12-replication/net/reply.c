/* What each reply is on the wire:
 *
 *   reply_simple      +PONG\r\n
 *   reply_error       -ERR syntax error\r\n
 *   reply_integer     :42\r\n
 *   reply_double      ,1.5\r\n            $3\r\n1.5\r\n in RESP2
 *   reply_bulk        $5\r\nhello\r\n
 *   reply_array       *2\r\n              and two replies
 *   reply_map         %2\r\n              and four replies; *4\r\n in RESP2
 *   reply_null        _\r\n               $-1\r\n in RESP2
 *   reply_null_array  _\r\n               *-1\r\n in RESP2
 *
 * Integers, bulk strings and aggregates begin with "<type><number>\r\n"; the
 * others are a line, "<type><text>\r\n". */
#include "net/reply.h"

#include <stdarg.h>
#include <string.h>

#include "common/buffer.h"
#include "common/hooks.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/output.h"

enum {
    HEADER_MAX = 1 + INT64_TEXT_MAX + 2, /* type, number, \r\n */
    SMALL_BULK = 1024 /* bytes; up to here one reservation is faster */
};

/* Writes "<type><number>\r\n" and returns its length. */
static size_t write_header(char *out, char type, int64_t number)
{
    out[0] = type;
    size_t len = 1 + format_int64(out + 1, number);
    out[len++] = '\r';
    out[len++] = '\n';
    return len;
}

void reply_header(struct client *c, char type, int64_t number)
{
    char *out = output_reserve(&c->output, HEADER_MAX);
    output_commit(&c->output, write_header(out, type, number));
}

void reply_line(struct client *c, char type, struct slice text)
{
    output_append(&c->output, &type, 1);
    output_append(&c->output, text.ptr, text.len);
    output_append(&c->output, "\r\n", 2);
}

void reply_simple(struct client *c, const char *text)
{
    reply_line(c, '+', slice_of(text));
}

/* Most writes reply with it, so it is ready made. */
void reply_ok(struct client *c)
{
    output_append(&c->output, "+OK\r\n", 5);
}

static struct hooks errors;

void reply_on_error(error_fn *fn)
{
    hooks_add(&errors, (hook_fn *)fn);
}

void reply_error(struct client *c, const char *text)
{
    if (c->error_prefix) {
        const char *prefix = c->error_prefix;
        c->error_prefix = NULL;
        /* The prefix has the code. "ERR" says nothing that is worth keeping. */
        bool is_plain = strncmp(text, "ERR ", 4) == 0;
        reply_errorf(c, "%s%s", prefix, text + (is_plain ? 4 : 0));
        return;
    }
    hooks_call(&errors, error_fn, c, text);
    reply_line(c, '-', slice_of(text));
}

void reply_errorf(struct client *c, const char *format, ...)
{
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&text, format, arguments);
    va_end(arguments);
    /* A client's own bytes may stand in the text, and a line ending among them
     * would end the reply early. */
    char *end = text.data + text.len;
    while (end > text.data && (end[-1] == '\r' || end[-1] == '\n'))
        *--end = '\0';
    for (char *p = text.data; *p; p++) {
        if (*p == '\r' || *p == '\n')
            *p = ' ';
    }
    reply_error(c, text.data);
    buffer_free(&text);
}

void reply_integer(struct client *c, int64_t value)
{
    reply_header(c, ':', value);
}

void reply_bulk(struct client *c, struct slice bytes)
{
    /* Three appends cost little beside the copy of a long value. A short one is
     * written in one piece, which matters: it is the reply of most commands. */
    if (bytes.len > SMALL_BULK) {
        reply_header(c, '$', (int64_t)bytes.len);
        output_append(&c->output, bytes.ptr, bytes.len);
        output_append(&c->output, "\r\n", 2);
        return;
    }
    char *out = output_reserve(&c->output, HEADER_MAX + bytes.len + 2);
    size_t len = write_header(out, '$', (int64_t)bytes.len);
    if (bytes.len > 0)
        memcpy(out + len, bytes.ptr, bytes.len);
    len += bytes.len;
    out[len++] = '\r';
    out[len++] = '\n';
    output_commit(&c->output, len);
}

void reply_bulk_text(struct client *c, const char *text)
{
    reply_bulk(c, slice_of(text));
}

void reply_double(struct client *c, double value)
{
    char text[DOUBLE_TEXT_MAX];
    struct slice written = {text, format_double(text, value)};
    if (c->protocol == 3)
        reply_line(c, ',', written);
    else
        reply_bulk(c, written);
}

void reply_null(struct client *c)
{
    if (c->protocol == 3)
        output_append(&c->output, "_\r\n", 3);
    else
        output_append(&c->output, "$-1\r\n", 5);
}

void reply_null_array(struct client *c)
{
    if (c->protocol == 3)
        reply_null(c);
    else
        output_append(&c->output, "*-1\r\n", 5);
}

void reply_aggregate(struct client *c, enum reply_type type, size_t count)
{
    /* In RESP2 the keys and values of a map follow each other in an array. */
    if (c->protocol == 3)
        reply_header(c, (char)type, (int64_t)count);
    else
        reply_header(c, '*', (int64_t)count * (type == REPLY_MAP ? 2 : 1));
}

void reply_array(struct client *c, size_t count)
{
    reply_aggregate(c, REPLY_ARRAY, count);
}

void reply_map(struct client *c, size_t pairs)
{
    reply_aggregate(c, REPLY_MAP, pairs);
}

/* RESP2 has no pushes: there it is an array. What the last reply of a client
 * is, stays the last. */
void reply_push(struct client *c, struct slice formatted)
{
    bool was_muted = c->output.muted;
    c->output.muted = c->flags & CLIENT_CLOSE_AFTER_REPLY;
    output_append(&c->output, c->protocol == 3 ? ">" : "*", 1);
    output_append(&c->output, formatted.ptr, formatted.len);
    c->output.muted = was_muted;
}

struct output_block *reply_begin(struct client *c)
{
    return output_defer(&c->output);
}

/* Goes back to the place that was left free, and forward again. */
void reply_end_aggregate(struct client *c, struct output_block *begun,
                         enum reply_type type, size_t count)
{
    struct output_block *tail = output_append_to(&c->output, begun);
    reply_aggregate(c, type, count);
    output_append_to(&c->output, tail);
}

void reply_end_bulk(struct client *c, struct output_block *begun,
                    struct slice bytes)
{
    struct output_block *tail = output_append_to(&c->output, begun);
    reply_bulk(c, bytes);
    output_append_to(&c->output, tail);
}
