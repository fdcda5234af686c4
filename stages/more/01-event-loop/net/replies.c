#include "more/01-event-loop/net/replies.h"

#include "net/client.h"
#include "net/reply.h"

void reply_verbatim(struct client *c, const char *format, struct slice bytes)
{
    if (c->protocol != 3) {
        reply_bulk(c, bytes);
        return;
    }
    reply_header(c, '=', (int64_t)bytes.len + 4);
    output_append(&c->output, format, 3);
    output_append(&c->output, ":", 1);
    output_append(&c->output, bytes.ptr, bytes.len);
    output_append(&c->output, "\r\n", 2);
}

void reply_report(struct client *c, struct buffer *text)
{
    reply_verbatim(c, "txt", buffer_slice(text));
    buffer_free(text);
}

void reply_no_text(struct client *c)
{
    if (c->protocol == 3)
        reply_line(c, '_', SLICE(""));
    else
        reply_line(c, '$', SLICE("-1"));
}
