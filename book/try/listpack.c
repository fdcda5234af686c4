/* listpack: a listpack by itself, with its bytes.
 *
 *   listpack a 5 hello
 *
 * Adds each argument at the end of a listpack, then prints its header, each
 * element and its end: the bytes, and the value that is read from them. Chapter
 * 04 builds it with store/listpack.c of a stage. */
#include <stdio.h>

#include "common/buffer.h"
#include "common/quote.h"
#include "common/zmalloc.h"
#include "store/listpack.h"

static void print_bytes(const uint8_t *pack, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        printf("%s%02x", i > from ? " " : "", pack[i]);
}

static void print_element(const uint8_t *pack, size_t at)
{
    char scratch[INT64_TEXT_MAX];
    struct buffer text = {0};
    quote_append(&text, listpack_get(pack, at, scratch));
    printf("%4zu  ", at);
    print_bytes(pack, at, listpack_next(pack, at));
    printf("  %.*s\n", (int)text.len, text.data);
    buffer_free(&text);
}

int main(int argc, char **argv)
{
    uint8_t *pack = listpack_create();
    for (int i = 1; i < argc; i++)
        pack = listpack_insert(pack, listpack_end(pack), slice_of(argv[i]));
    printf("%4d  ", 0);
    print_bytes(pack, 0, listpack_first(pack));
    printf("  %zu bytes, %zu elements\n", listpack_bytes(pack),
           listpack_count(pack));
    size_t end = listpack_end(pack);
    for (size_t at = listpack_first(pack); at < end;
         at = listpack_next(pack, at))
        print_element(pack, at);
    printf("%4zu  %02x  the end\n", end, pack[end]);
    zfree(pack);
    return 0;
}
