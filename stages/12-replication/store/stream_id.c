#include "store/stream_id.h"

#include <errno.h>
#include <stdlib.h>

enum { INPUT_MAX = 127 }; /* bytes; what is longer is no ID, as in Redis */

const struct stream_id stream_id_min = {0, 0};
const struct stream_id stream_id_max = {UINT64_MAX, UINT64_MAX};

int stream_id_compare(const void *a, const void *b)
{
    const struct stream_id *one = a, *other = b;
    if (one->ms != other->ms)
        return one->ms < other->ms ? -1 : 1;
    return (one->seq > other->seq) - (one->seq < other->seq);
}

bool stream_id_next(struct stream_id *id)
{
    if (++id->seq > 0)
        return true;
    return ++id->ms > 0;
}

bool stream_id_previous(struct stream_id *id)
{
    if (id->seq-- > 0)
        return true;
    return id->ms-- > 0;
}

/* Parses half of an ID. Like Redis it accepts all that strtoull does, but no
 * plain negative number, which that would wrap. */
static bool parse_half(const char *text, uint64_t *out)
{
    int64_t signed_value;
    char *end;
    if (parse_int64(slice_of(text), &signed_value) && signed_value < 0)
        return false;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return end != text && *end == '\0' && errno == 0;
}

enum id_form stream_id_parse(struct slice text, struct stream_id *id)
{
    char copy[INPUT_MAX + 1] = "";
    if (text.len > INPUT_MAX)
        return ID_INVALID;
    memcpy(copy, text.ptr, text.len);
    char *dash = strchr(copy, '-');
    if (dash)
        *dash = '\0';
    id->seq = 0;
    if (!parse_half(copy, &id->ms))
        return ID_INVALID;
    if (!dash)
        return ID_WITHOUT_SEQ;
    if (strcmp(dash + 1, "*") == 0)
        return ID_AUTO_SEQ;
    return parse_half(dash + 1, &id->seq) ? ID_COMPLETE : ID_INVALID;
}

struct slice stream_id_format(char out[STREAM_ID_TEXT_MAX], struct stream_id id)
{
    size_t len = format_uint64(out, id.ms);
    out[len++] = '-';
    len += format_uint64(out + len, id.seq);
    return (struct slice){out, len};
}
