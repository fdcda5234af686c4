/* snapshot, for small files: lengths of one byte, and strings alone. */
#include "persist/snapshot.h"

#include <stdio.h>

#include "common/buffer.h"
#include "common/numbers.h"
#include "store/keyspace.h"

enum { OP_AUX = 0xFA, OP_RESIZE = 0xFB, OP_DATABASE = 0xFE, OP_END = 0xFF };
enum { HEADER_BYTES = 9, INT_8 = 0xC0 };

/* Reads a length and so many bytes, or one byte that is an integer. */
static void read_string(FILE *file, struct buffer *s)
{
    int len = getc(file);
    char *text = buffer_reserve(s, (size_t)len + INT64_TEXT_MAX);
    s->len = len == INT_8 ? format_int64(text, (int8_t)getc(file))
                          : fread(text, 1, (size_t)len, file);
}

bool snapshot_start(void)
{
    struct buffer key = {0}, value = {0};
    struct db *db = db_at(0);
    FILE *file = fopen("dump.rdb", "r");
    int opcode =
        file && fseek(file, HEADER_BYTES, SEEK_SET) == 0 ? getc(file) : OP_END;
    for (; opcode != OP_END && opcode != EOF; opcode = getc(file)) {
        if (opcode == OP_DATABASE) {
            db = db_at(getc(file));
        } else if (opcode == OP_RESIZE) {
            fseek(file, 2, SEEK_CUR);
        } else {
            key.len = value.len = 0;
            read_string(file, &key);
            read_string(file, &value);
            if (opcode != OP_AUX)
                db_set_string(db, buffer_slice(&key), buffer_slice(&value));
        }
    }
    buffer_free(&key);
    buffer_free(&value);
    if (file)
        fclose(file);
    return true;
}
