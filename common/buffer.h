/* buffer: bytes that grow at the end and are taken from the front.
 *
 * Growth doubles, so appending n bytes costs O(n) in all. */
#ifndef COMMON_BUFFER_H
#define COMMON_BUFFER_H

#include <stdarg.h>
#include <stddef.h>

#include "slice.h"

struct buffer {
    char *data; /* NULL while capacity is 0 */
    size_t len; /* bytes in use */
    size_t capacity; /* bytes allocated */
};

/* Makes room for `extra` bytes behind the last one; returns where they go.
 * The caller adds to `len` what it wrote there. */
char *buffer_reserve(struct buffer *b, size_t extra);
void buffer_append(struct buffer *b, const void *bytes, size_t len);
void buffer_append_slice(struct buffer *b, struct slice s);
void buffer_append_text(struct buffer *b, const char *text);
void buffer_printf(struct buffer *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* As buffer_printf. A zero byte follows the text; it does not count. */
void buffer_vprintf(struct buffer *b, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Drops the first `count` bytes. Costs a move of what remains. */
void buffer_consume(struct buffer *b, size_t count);

struct slice buffer_slice(const struct buffer *b);

/* Gives the memory back; the buffer is empty and may be used again. */
void buffer_free(struct buffer *b);

#endif
