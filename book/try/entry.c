/* entry: the bytes of some keys and their values.
 *
 * Chapter 02 builds it with store/ of a stage. */
#include <stdio.h>

#include "common/zmalloc.h"
#include "store/entry.h"
#include "store/string.h"
#include "store/type.h"

/* Eight bytes a line, as they stand in memory. */
static void dump(const struct entry *e, size_t bytes)
{
    const unsigned char *at = (const unsigned char *)e;
    for (size_t line = 0; line < bytes; line += 8) {
        printf("  %3zu ", line);
        for (size_t i = line; i < line + 8; i++)
            printf(i < bytes ? " %02x" : "   ", at[i]);
        printf("  ");
        for (size_t i = line; i < line + 8 && i < bytes; i++)
            putchar(at[i] >= ' ' && at[i] < 127 ? at[i] : '.');
        putchar('\n');
    }
}

static void show(const char *key, const char *value)
{
    struct entry *e = string_create(slice_of(key), slice_of(value));
    printf("SET %s %s: %s, %zu bytes\n", key, value,
           entry_encoding_name(e), zmalloc_usable_size(e));
    struct slice name = entry_key(e);
    size_t used = (size_t)(name.ptr + name.len - (const char *)e);
    if (e->encoding == ENCODING_EMBSTR)
        used += 1 + entry_embedded(e).len;
    dump(e, used);
    entry_free(e);
}

int main(void)
{
    show("user:1", "Ada");
    show("visits", "41");
    show("motto", "a value of forty-five bytes, one too many....");
    return 0;
}
