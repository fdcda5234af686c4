/* lookahead: a pipeline shows in advance which keys will be asked for.
 *
 * The arguments are found here without executing or checking anything. A wrong
 * guess costs a little time and changes nothing. */
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

/* Takes "<type><number>\r\n", the number being small. */
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

/* Takes "$<length>\r\n<bytes>\r\n", if all of it has arrived. */
static bool take_argument(struct cursor *in, struct slice *argument)
{
    size_t len;
    if (!take_header(in, '$', &len) || (size_t)(in->end - in->at) < len + 2)
        return false;
    *argument = (struct slice){in->at, len};
    in->at += len + 2;
    return true;
}

/* Takes a whole command; *key is its second argument. */
static bool take_command(struct cursor *in, struct slice *key)
{
    size_t count;
    if (!take_header(in, '*', &count) || count < 2 || count > ARGUMENTS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct slice argument;
        if (!take_argument(in, &argument))
            return false;
        if (i == 1)
            *key = argument;
    }
    return key->len <= KEY_MAX_BYTES;
}

size_t lookahead_keys(const struct buffer *input, size_t position,
                      struct slice keys[LOOKAHEAD_MAX], size_t *end)
{
    struct cursor in = {input->data + position, input->data + input->len};
    size_t found = 0;
    while (found < LOOKAHEAD_MAX && take_command(&in, &keys[found]))
        found++;
    *end = (size_t)(in.at - input->data);
    return found;
}
