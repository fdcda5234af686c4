#include "store/stream_id.h"

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

/* Parses half of an ID. Unlike other numbers it may begin with zeros. */
static bool parse_half(struct slice text, uint64_t *out)
{
    for (; text.len > 1 && text.ptr[0] == '0'; text.len--)
        text.ptr++;
    return parse_uint64(text, out);
}

enum id_form stream_id_parse(struct slice text, struct stream_id *id)
{
    struct slice ms = text, seq = {memchr(text.ptr, '-', text.len), 0};
    if (seq.ptr) {
        ms.len = (size_t)(seq.ptr++ - text.ptr);
        seq.len = text.len - ms.len - 1;
    }
    id->seq = 0;
    if (!parse_half(ms, &id->ms))
        return ID_INVALID;
    if (!seq.ptr)
        return ID_WITHOUT_SEQ;
    if (slice_equal(seq, SLICE("*")))
        return ID_AUTO_SEQ;
    return parse_half(seq, &id->seq) ? ID_COMPLETE : ID_INVALID;
}

struct slice stream_id_format(char out[STREAM_ID_TEXT_MAX], struct stream_id id)
{
    size_t len = format_uint64(out, id.ms);
    out[len++] = '-';
    len += format_uint64(out + len, id.seq);
    return (struct slice){out, len};
}
