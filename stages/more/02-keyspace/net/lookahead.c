/* lookahead: finds the keys of commands that wait in the input buffer.
 *
 * A pipeline shows in advance which keys will be looked up. Its arguments are
 * found here without executing or checking anything, because a wrong guess
 * costs a little time and changes nothing. */
#include "more/02-keyspace/net/lookahead.h"

#include <stdbool.h>

enum {
    ARGUMENTS_MAX = 8, /* a longer command keeps memory busy by itself */
    KEY_MAX_BYTES = 512
};

/* A position in the input, and where it ends. */
struct cursor {
    const char *at;
    const char *end;
};

/* Reads "<type><number>\r\n". Returns false if it is not complete, or the
 * number has many digits. */
static bool take_header(struct cursor *in, char type, size_t *number)
{
    const char *p = in->at;
    if (in->end - p < 4 || *p++ != type)
        return false;
    for (*number = 0; p < in->end && *p >= '0' && *p <= '9'; p++)
        *number = *number * 10 + (size_t)(*p - '0');
    if (in->end - p < 2 || *p != '\r' || p - in->at > 10)
        return false;
    in->at = p + 2;
    return true;
}

/* Reads "$<length>\r\n<bytes>\r\n". Returns false if it is not complete. */
static bool take_argument(struct cursor *in, struct slice *argument)
{
    size_t len;
    if (!take_header(in, '$', &len) || (size_t)(in->end - in->at) < len + 2)
        return false;
    *argument = (struct slice){in->at, len};
    in->at += len + 2;
    return true;
}

/* Reads a command. Returns false if it is not complete, is long, or has no
 * key. */
static bool take_command(struct cursor *in, struct lookahead *found)
{
    size_t count;
    found->name.ptr = NULL;
    if (!take_header(in, '*', &count) || count < 2 || count > ARGUMENTS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct slice argument;
        if (!take_argument(in, &argument))
            return false;
        if (i == 1)
            found->key = argument;
        if (i == 2 && argument.len <= KEY_MAX_BYTES)
            found->name = argument;
    }
    return found->key.len <= KEY_MAX_BYTES;
}

size_t lookahead_keys(const struct buffer *input, size_t position,
                      struct lookahead found[LOOKAHEAD_MAX], size_t *end)
{
    struct cursor in = {input->data + position, input->data + input->len};
    size_t count = 0;
    while (count < LOOKAHEAD_MAX && take_command(&in, &found[count]))
        count++;
    *end = (size_t)(in.at - input->data);
    return count;
}
