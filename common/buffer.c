/* buffer: a growing run of bytes.
 *
 *   data -> [ used ......... | free ...... ]
 *             0            len      capacity
 */
#include "buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zmalloc.h"

enum { FIRST_CAPACITY = 64 };

char *buffer_reserve(struct buffer *b, size_t extra)
{
    if (b->data != NULL && extra <= b->capacity - b->len)
        return b->data + b->len;
    if (extra > SIZE_MAX / 2 - b->len)
        abort(); /* no real length comes near; a caller's sum overflowed */
    size_t wanted = b->capacity ? b->capacity * 2 : FIRST_CAPACITY;
    if (wanted < b->len + extra)
        wanted = b->len + extra;
    b->data = zrealloc(b->data, wanted);
    b->capacity = wanted;
    return b->data + b->len;
}

void buffer_append(struct buffer *b, const void *bytes, size_t len)
{
    if (len == 0)
        return; /* memcpy must not see the NULL of an empty slice */
    memcpy(buffer_reserve(b, len), bytes, len);
    b->len += len;
}

void buffer_append_slice(struct buffer *b, struct slice s)
{
    buffer_append(b, s.ptr, s.len);
}

void buffer_append_text(struct buffer *b, const char *text)
{
    buffer_append(b, text, strlen(text));
}

/* Writes into the room there is; when that was too little, the first attempt
 * told how much the second needs. */
void buffer_vprintf(struct buffer *b, const char *format, va_list arguments)
{
    char *at = buffer_reserve(b, 1);
    size_t room = b->capacity - b->len;
    va_list again;
    va_copy(again, arguments);
    int len = vsnprintf(at, room, format, arguments);
    if (len < 0)
        at[len = 0] = '\0'; /* what cannot be encoded prints as nothing */
    if ((size_t)len >= room) {
        at = buffer_reserve(b, (size_t)len + 1);
        vsnprintf(at, (size_t)len + 1, format, again);
    }
    va_end(again);
    b->len += (size_t)len;
}

void buffer_printf(struct buffer *b, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(b, format, arguments);
    va_end(arguments);
}

void buffer_consume(struct buffer *b, size_t count)
{
    if (count >= b->len) {
        b->len = 0;
        return;
    }
    if (count == 0)
        return;
    memmove(b->data, b->data + count, b->len - count);
    b->len -= count;
}

struct slice buffer_slice(const struct buffer *b)
{
    return (struct slice){b->data, b->len};
}

void buffer_free(struct buffer *b)
{
    zfree(b->data);
    *b = (struct buffer){0};
}
