/* snapshot, for small files: lengths of one byte, and strings alone. */
#include "persist/snapshot.h"

#include <stdio.h>

#include "common/buffer.h"
#include "store/keyspace.h"

enum { OP_AUX = 0xFA, OP_RESIZE = 0xFB, OP_DATABASE = 0xFE, OP_END = 0xFF };
enum { HEADER_BYTES = 9, INT_8 = 0xC0 };

static char *points; /* of the parameter `save`; not read yet */

const struct config_row snapshot_config[] = {
    {CONFIG_VALUE(TEXT, "save", points, ""), .flags = CONFIG_WORDS},
    {.name = NULL},
};

/* Reads a length and so many bytes. INT_8 is followed by one byte. */
static void read_string(FILE *file, struct buffer *s)
{
    int byte = getc(file);
    size_t len = byte == INT_8 ? 1 : (size_t)byte;
    s->len = 0;
    s->len = fread(buffer_reserve(s, len), 1, len, file);
}

bool snapshot_start(void)
{
    struct buffer key = {0}, value = {0};
    struct db *db = db_at(0);
    FILE *file = fopen("dump.rdb", "r");
    if (!file)
        return true;
    fseek(file, HEADER_BYTES, SEEK_SET);
    for (int byte = getc(file); byte != OP_END && byte != EOF;
         byte = getc(file)) {
        if (byte == OP_DATABASE) {
            db = db_at(getc(file));
        } else if (byte == OP_RESIZE) {
            fseek(file, 2, SEEK_CUR);
        } else {
            read_string(file, &key);
            read_string(file, &value);
            if (byte != OP_AUX)
                db_set_string(db, buffer_slice(&key), buffer_slice(&value));
        }
    }
    buffer_free(&key);
    buffer_free(&value);
    fclose(file);
    return true;
}
