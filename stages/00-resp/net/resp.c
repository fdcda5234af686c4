#include "net/resp.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/numbers.h"
#include "common/quote.h"
#include "common/zmalloc.h"

enum {
    LINE_MAX_BYTES = 64 * 1024, /* an inline command, or a length */
    READ_AT_ONCE = 16 * 1024 /* Redis notices after reading that much more */
};

#define BAD_COUNT "invalid multibulk length"
#define BAD_LENGTH "invalid bulk length"

int64_t resp_max_bulk_len = 512LL * 1024 * 1024;

void resp_init(struct resp_reader *r)
{
    *r = (struct resp_reader){.bulk_len = -1};
}

void resp_free(struct resp_reader *r)
{
    zfree(r->argv);
    zfree(r->starts);
    resp_init(r);
}

/* There is no way back: where the next command begins is unknown. */
static enum resp_status malformed(struct resp_reader *r, const char *why)
{
    r->error = why;
    return RESP_MALFORMED;
}

/* Makes room for one argument more. The sender announces how many there will
 * be, but memory is given only for those that came. */
static void grow_argv(struct resp_reader *r)
{
    if (r->argc < r->capacity)
        return;
    r->capacity = r->capacity ? r->capacity * 2 : 8;
    r->argv = zrealloc(r->argv, (size_t)r->capacity * sizeof *r->argv);
    r->starts = zrealloc(r->starts, (size_t)r->capacity * sizeof *r->starts);
}

/* Finds the line at the current position that ends in \r and one byte more. Its
 * first byte is the type. */
static enum resp_status read_header(struct resp_reader *r,
                                    const struct buffer *input,
                                    const char *too_long, struct slice *line)
{
    const char *start = input->data + r->position;
    size_t available = input->len - r->position;
    const char *end = memchr(start, '\r', available);
    if (!end && available > LINE_MAX_BYTES)
        return malformed(r, too_long);
    if (!end || (size_t)(end - start) + 2 > available)
        return RESP_INCOMPLETE;
    *line = (struct slice){start, (size_t)(end - start)};
    r->position += (size_t)(end - start) + 2;
    return RESP_COMMAND;
}

/* Reads a header of that type: "<type><number>\r\n". */
static enum resp_status read_number(struct resp_reader *r,
                                    const struct buffer *input, char type,
                                    const char *too_long, int64_t *number)
{
    struct slice line;
    enum resp_status status = read_header(r, input, too_long, &line);
    if (status != RESP_COMMAND)
        return status;
    if (line.ptr[0] != type) {
        snprintf(r->error_text, sizeof r->error_text, "expected '%c', got '%c'",
                 type, line.ptr[0]);
        return malformed(r, r->error_text);
    }
    if (!parse_int64((struct slice){line.ptr + 1, line.len - 1}, number))
        return malformed(r, type == '*' ? BAD_COUNT : BAD_LENGTH);
    return RESP_COMMAND;
}

/* "*3\r\n": how many arguments follow; none means that there is nothing to
 * do. */
static enum resp_status read_count(struct resp_reader *r,
                                   const struct buffer *input)
{
    int64_t count;
    enum resp_status status =
        read_number(r, input, '*', "too big mbulk count string", &count);
    if (status != RESP_COMMAND)
        return status;
    if (count > INT_MAX)
        return malformed(r, BAD_COUNT);
    r->args_left = count > 0 ? count : 0;
    return RESP_COMMAND;
}

/* "$5\r\n": how long the next argument is. */
static enum resp_status read_bulk_len(struct resp_reader *r,
                                      const struct buffer *input)
{
    if (input->len == r->position)
        return RESP_INCOMPLETE;
    int64_t len;
    enum resp_status status =
        read_number(r, input, '$', "too big bulk count string", &len);
    if (status != RESP_COMMAND)
        return status;
    if (len < 0 || len > resp_max_bulk_len)
        return malformed(r, BAD_LENGTH);
    r->bulk_len = len;
    return RESP_COMMAND;
}

/* Reads arguments until all are there. What stands between the end of one and
 * the next is two bytes that nobody looks at, as in Redis. */
static enum resp_status read_arguments(struct resp_reader *r,
                                       const struct buffer *input)
{
    while (r->args_left > 0) {
        if (r->bulk_len < 0) {
            enum resp_status status = read_bulk_len(r, input);
            if (status != RESP_COMMAND)
                return status;
        }
        size_t len = (size_t)r->bulk_len;
        if (input->len - r->position < len + 2)
            return RESP_INCOMPLETE;
        grow_argv(r);
        r->starts[r->argc] = r->position - r->start;
        r->argv[r->argc].len = len;
        r->argc++;
        r->position += len + 2;
        r->bulk_len = -1;
        r->args_left--;
    }
    for (int i = 0; i < r->argc; i++)
        r->argv[i].ptr = input->data + r->start + r->starts[i];
    return RESP_COMMAND;
}

/* A line of words. Escapes are decoded where they stand, for what a word
 * means is never longer than what was typed. */
static enum resp_status read_inline(struct resp_reader *r, struct buffer *input)
{
    char *line = input->data + r->position;
    size_t available = input->len - r->position;
    char *newline = memchr(line, '\n', available);
    if (!newline)
        return available > LINE_MAX_BYTES
                   ? malformed(r, "too big inline request")
                   : RESP_INCOMPLETE;
    size_t len = (size_t)(newline - line);
    if (len > LINE_MAX_BYTES + READ_AT_ONCE)
        return malformed(r, "too big inline request");
    r->position += len + 1;
    if (len > 0 && line[len - 1] == '\r')
        len--;
    struct slice *words;
    int count = split_arguments(line, len, &words);
    if (count < 0)
        return malformed(r, "unbalanced quotes in request");
    for (int i = 0; i < count; i++) {
        grow_argv(r);
        r->argv[r->argc++] = words[i];
    }
    zfree(words);
    return RESP_COMMAND;
}

enum resp_status resp_read(struct resp_reader *r, struct buffer *input)
{
    if (r->args_left == 0)
        r->argc = 0;
    while (r->argc == 0 || r->args_left > 0) {
        enum resp_status status;
        if (r->args_left == 0)
            r->start = r->position;
        if (r->args_left > 0)
            status = read_arguments(r, input);
        else if (input->len == r->position)
            return RESP_INCOMPLETE;
        else if (input->data[r->position] == '*')
            status = read_count(r, input);
        else
            status = read_inline(r, input);
        if (status != RESP_COMMAND)
            return status;
    }
    return RESP_COMMAND;
}

size_t resp_missing(const struct resp_reader *r, const struct buffer *input)
{
    if (r->bulk_len < 0)
        return 0;
    size_t there = input->len - r->position;
    size_t wanted = (size_t)r->bulk_len + 2;
    return there < wanted ? wanted - there : 0;
}

void resp_discard_read(struct resp_reader *r, struct buffer *input)
{
    size_t done = r->args_left > 0 ? r->start : r->position;
    buffer_consume(input, done);
    r->position -= done;
    r->start = 0;
}
