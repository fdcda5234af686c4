#include "net/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/numbers.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/output.h"

enum {
    HEADER_MAX = 1 + INT64_TEXT_MAX + 2, /* type, number, \r\n */
    SMALL_BULK = 1024 /* copied in one go */
};

static bool speaks_resp3(const struct client *c)
{
    return c->protocol == 3;
}

/* Writes "<type><number>\r\n" and returns its length. */
static size_t write_header(char *out, char type, int64_t number)
{
    out[0] = type;
    size_t len = 1 + format_int64(out + 1, number);
    out[len++] = '\r';
    out[len++] = '\n';
    return len;
}

/* "<type><number>\r\n", which opens a bulk or an aggregate, or is a number. */
static void reply_header(struct client *c, char type, int64_t number)
{
    char *out = output_reserve(&c->output, HEADER_MAX);
    output_commit(&c->output, write_header(out, type, number));
}

/* "<type><text>\r\n": ends with its line, so no text may hold a line end. */
static void reply_line(struct client *c, char type, struct slice text)
{
    output_append(&c->output, &type, 1);
    output_append(&c->output, text.ptr, text.len);
    output_append(&c->output, "\r\n", 2);
}

void reply_simple(struct client *c, const char *text)
{
    reply_line(c, '+', slice_of(text));
}

void reply_ok(struct client *c)
{
    output_append(&c->output, "+OK\r\n", 5);
}

void reply_error(struct client *c, const char *text)
{
    reply_line(c, '-', slice_of(text));
}

/* Those at the end go, those inside become spaces. */
static void replace_line_ends(char *text)
{
    size_t len = strlen(text);
    while (len > 0 && (text[len - 1] == '\r' || text[len - 1] == '\n'))
        text[--len] = '\0';
    for (char *p = text; *p; p++) {
        if (*p == '\r' || *p == '\n')
            *p = ' ';
    }
}

/* An error is one line: what a client sent may stand in it, line ends of its
 * own may not. */
void reply_errorf(struct client *c, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    replace_line_ends(text);
    reply_error(c, text);
}

void reply_integer(struct client *c, int64_t value)
{
    reply_header(c, ':', value);
}

/* A small one is one reservation, a large one is worth the three appends. */
void reply_bulk(struct client *c, struct slice bytes)
{
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

void reply_bulk_integer(struct client *c, int64_t value)
{
    char text[INT64_TEXT_MAX];
    size_t len = format_int64(text, value);
    reply_bulk(c, (struct slice){text, len});
}

void reply_null(struct client *c)
{
    if (speaks_resp3(c))
        output_append(&c->output, "_\r\n", 3);
    else
        output_append(&c->output, "$-1\r\n", 5);
}

void reply_null_array(struct client *c)
{
    if (speaks_resp3(c))
        output_append(&c->output, "_\r\n", 3);
    else
        output_append(&c->output, "*-1\r\n", 5);
}

void reply_bool(struct client *c, bool value)
{
    if (speaks_resp3(c))
        output_append(&c->output, value ? "#t\r\n" : "#f\r\n", 4);
    else
        reply_integer(c, value);
}

void reply_double(struct client *c, double value)
{
    char text[DOUBLE_TEXT_MAX];
    struct slice digits = {text, format_double(text, value)};
    if (speaks_resp3(c))
        reply_line(c, ',', digits);
    else
        reply_bulk(c, digits);
}

void reply_big_number(struct client *c, const char *digits)
{
    if (speaks_resp3(c))
        reply_line(c, '(', slice_of(digits));
    else
        reply_bulk_text(c, digits);
}

void reply_verbatim(struct client *c, const char *format, struct slice bytes)
{
    if (!speaks_resp3(c)) {
        reply_bulk(c, bytes);
        return;
    }
    reply_header(c, '=', (int64_t)bytes.len + 4);
    output_append(&c->output, format, 3);
    output_append(&c->output, ":", 1);
    output_append(&c->output, bytes.ptr, bytes.len);
    output_append(&c->output, "\r\n", 2);
}

void reply_array(struct client *c, size_t count)
{
    reply_header(c, '*', (int64_t)count);
}

/* RESP2 has no maps: key and value follow each other in an array. */
void reply_map(struct client *c, size_t pairs)
{
    if (speaks_resp3(c))
        reply_header(c, '%', (int64_t)pairs);
    else
        reply_header(c, '*', (int64_t)pairs * 2);
}

/* RESP2 has no sets, either. */
void reply_set(struct client *c, size_t count)
{
    reply_header(c, speaks_resp3(c) ? '~' : '*', (int64_t)count);
}

/* A message that answers no command. To RESP2 it looks like any array. */
void reply_push(struct client *c, size_t count)
{
    reply_header(c, speaks_resp3(c) ? '>' : '*', (int64_t)count);
}

struct output_block *reply_begin(struct client *c)
{
    return output_open_hole(&c->output);
}

/* Writes the header into the hole that reply_begin left for it. */
static void end_aggregate(struct client *c, struct output_block *begun,
                          char type, size_t count)
{
    char header[HEADER_MAX];
    size_t len = write_header(header, type, (int64_t)count);
    output_fill_hole(&c->output, begun, header, len);
}

void reply_end_array(struct client *c, struct output_block *begun, size_t count)
{
    end_aggregate(c, begun, '*', count);
}

void reply_end_map(struct client *c, struct output_block *begun, size_t pairs)
{
    if (speaks_resp3(c))
        end_aggregate(c, begun, '%', pairs);
    else
        end_aggregate(c, begun, '*', pairs * 2);
}

void reply_end_set(struct client *c, struct output_block *begun, size_t count)
{
    end_aggregate(c, begun, speaks_resp3(c) ? '~' : '*', count);
}
