/* fuzz_resp: a libFuzzer target for the RESP reader.
 *
 * The first byte says how the rest is cut into pieces. Whatever the cut, the
 * reader must find the same commands and end in the same way, and every argument
 * must lie inside the input. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"
#include "net/resp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read, as a number that the order of all bytes changes. */
struct reading {
    uint64_t hash;
    size_t commands;
    enum resp_status status;
};

/* Adds bytes to the hash (FNV-1a). */
static void add(struct reading *reading, const void *bytes, size_t len)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < len; i++)
        reading->hash = (reading->hash ^ p[i]) * 1099511628211U;
}

/* Adds a command. Each argument must lie inside the input. */
static void add_command(struct reading *reading, const struct resp_reader *r,
                        const struct buffer *input)
{
    reading->commands++;
    add(reading, &r->argc, sizeof r->argc);
    if (r->argc < 1)
        abort();
    for (int i = 0; i < r->argc; i++) {
        struct slice arg = r->argv[i];
        if (arg.len > input->len ||
            (arg.len > 0 && (arg.ptr < input->data ||
                             arg.ptr + arg.len > input->data + input->len)))
            abort();
        add(reading, &arg.len, sizeof arg.len);
        add(reading, arg.ptr, arg.len);
    }
}

/* Reads the bytes in pieces of `piece` bytes, as a connection does. */
static struct reading read_pieces(const uint8_t *data, size_t size,
                                  size_t piece)
{
    struct reading reading = {.hash = 14695981039346656037U};
    struct resp_reader r = {0};
    struct buffer input = {0};
    resp_init(&r);
    while (size > 0 && reading.status != RESP_MALFORMED) {
        size_t len = piece < size ? piece : size;
        buffer_append(&input, data, len);
        data += len;
        size -= len;
        while ((reading.status = resp_read(&r, &input)) == RESP_COMMAND)
            add_command(&reading, &r, &input);
        if (reading.status == RESP_MALFORMED)
            add(&reading, r.error, strlen(r.error));
        resp_missing(&r, &input);
        resp_discard_read(&r, &input);
    }
    resp_free(&r);
    buffer_free(&input);
    return reading;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    resp_max_bulk_len = 1024 * 1024;
    size_t piece = 1 + data[0] % 32;
    struct reading whole = read_pieces(data + 1, size - 1, size);
    struct reading cut = read_pieces(data + 1, size - 1, piece);
    if (whole.hash != cut.hash || whole.commands != cut.commands ||
        whole.status != cut.status)
        abort();
    return 0;
}
