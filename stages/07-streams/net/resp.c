/* The reader's state is three numbers, and an incomplete piece of input leaves
 * them as they are:
 *
 *   args_left = 0                  a command begins: "*3\r\n", or a line
 *   args_left > 0, bulk_len < 0    "$5\r\n" is next
 *   args_left > 0, bulk_len >= 0   so many bytes are next, and two more
 *
 * While a command arrives, argv holds the lengths of its arguments and `starts`
 * where they begin. There are no pointers yet, because the input buffer may
 * move when it grows. */
#include "net/resp.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/numbers.h"
#include "common/quote.h"
#include "common/zmalloc.h"

enum {
    LINE_MAX_BYTES = 64 * 1024, /* of an inline command, or of a header */
    READ_AT_ONCE = 16 * 1024 /* Redis notices only after a read of this size */
};

#define BAD_COUNT "invalid multibulk length"
#define BAD_LENGTH "invalid bulk length"

int64_t resp_max_bulk_len = 512LL * 1024 * 1024;

void resp_init(struct resp_reader *r)
{
    *r = (struct resp_reader){.bulk_len = -1, .limits = r->limits};
}

void resp_free(struct resp_reader *r)
{
    zfree(r->argv);
    zfree(r->starts);
    resp_init(r);
}

/* Ends the conversation: where the next command begins is unknown. */
static enum resp_status malformed(struct resp_reader *r, const char *why)
{
    r->error = why;
    return RESP_MALFORMED;
}

/* Makes space for one argument more. The client announces how many will come,
 * but memory grows only with those that have arrived. */
static void grow_argv(struct resp_reader *r)
{
    if (r->argc < r->capacity)
        return;
    r->capacity = r->capacity ? r->capacity * 2 : 8;
    r->argv = zrealloc(r->argv, (size_t)r->capacity * sizeof *r->argv);
    r->starts = zrealloc(r->starts, (size_t)r->capacity * sizeof *r->starts);
}

/* Reads "<type><number>\r\n". A line that does not end may be `too_long`. The
 * byte after \r is skipped without a look, as in Redis. */
static enum resp_status read_number(struct resp_reader *r,
                                    const struct buffer *input, char type,
                                    const char *too_long, int64_t *number)
{
    size_t available = input->len - r->position;
    if (available == 0)
        return RESP_INCOMPLETE;
    const char *line = input->data + r->position;
    size_t len = 0; /* of what precedes \r */
    while (len < available && line[len] != '\r')
        len++;
    if (len == available && len > LINE_MAX_BYTES)
        return malformed(r, too_long);
    if (available < len + 2)
        return RESP_INCOMPLETE;
    /* Redis complains about the type only once the line is complete. */
    if (*line != type) {
        static char text[40]; /* outlives the call, as `error` must */
        snprintf(text, sizeof text, "expected '%c', got '%c'", type, *line);
        return malformed(r, text);
    }
    struct slice digits = {line + 1, len - 1};
    if (!parse_int64(digits, number))
        return malformed(r, type == '*' ? BAD_COUNT : BAD_LENGTH);
    r->position += len + 2;
    return RESP_COMMAND;
}

/* "*3\r\n": reads how many arguments follow. "*0\r\n" and "*-1\r\n" are no
 * command, and no error either. */
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
    if (r->limits && count > r->limits->args)
        return malformed(r, r->limits->args_error);
    r->args_left = count > 0 ? count : 0;
    return RESP_COMMAND;
}

/* "$5\r\n": reads how long the next argument is. */
static enum resp_status read_bulk_len(struct resp_reader *r,
                                      const struct buffer *input)
{
    int64_t len;
    enum resp_status status =
        read_number(r, input, '$', "too big bulk count string", &len);
    if (status != RESP_COMMAND)
        return status;
    if (len < 0 || len > resp_max_bulk_len)
        return malformed(r, BAD_LENGTH);
    if (r->limits && len > r->limits->bulk_len)
        return malformed(r, r->limits->bulk_len_error);
    r->bulk_len = len;
    return RESP_COMMAND;
}

/* Reads arguments until all have arrived. After each one two bytes are skipped
 * without a look, as in Redis. */
static enum resp_status read_arguments(struct resp_reader *r,
                                       const struct buffer *input)
{
    while (r->args_left > 0) {
        if (r->bulk_len < 0) {
            enum resp_status status = read_bulk_len(r, input);
            if (status != RESP_COMMAND)
                return status;
        }
        /* At most resp_max_bulk_len, so the sum below cannot overflow. */
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
    /* The input may have moved since the first arguments were read, so they get
     * their addresses together, now that it does not change any more. */
    for (int i = 0; i < r->argc; i++)
        r->argv[i].ptr = input->data + r->start + r->starts[i];
    return RESP_COMMAND;
}

/* Reads a line of arguments, as a person types them. Escapes are decoded in
 * place: an argument is never longer than what was typed for it. The whole line
 * must have arrived, so unlike read_arguments this keeps nothing between
 * calls. */
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
        len--; /* telnet ends lines with both, netcat with \n alone */
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
    enum resp_status status = RESP_COMMAND;
    /* An empty array and an empty line are no commands: the next is read. */
    while (status == RESP_COMMAND && (r->argc == 0 || r->args_left > 0)) {
        if (r->args_left > 0) {
            status = read_arguments(r, input);
        } else if (input->len == r->position) {
            status = RESP_INCOMPLETE;
        } else {
            r->start = r->position;
            status = input->data[r->position] == '*' ? read_count(r, input)
                                                     : read_inline(r, input);
        }
    }
    return status;
}

/* Between two arguments nothing is missing yet: how long the next one is has
 * not arrived. */
size_t resp_missing(const struct resp_reader *r, const struct buffer *input)
{
    if (r->bulk_len < 0)
        return 0;
    size_t arrived = input->len - r->position;
    size_t wanted = (size_t)r->bulk_len + 2; /* and \r\n */
    return arrived < wanted ? wanted - arrived : 0;
}

void resp_discard_read(struct resp_reader *r, struct buffer *input)
{
    /* Places of arguments are counted from `start`, so they stay right while
     * the command moves to the front: this costs the same for any argc. */
    size_t done = r->args_left > 0 ? r->start : r->position;
    buffer_consume(input, done);
    r->position -= done;
    r->start = 0;
}
