/* replies: what only reports use. */
#ifndef MORE_NET_REPLIES_H
#define MORE_NET_REPLIES_H

#include "common/buffer.h"
#include "common/slice.h"

struct client;

/* Bytes with a format of three letters, "txt"; a bulk string in RESP2. */
void reply_verbatim(struct client *c, const char *format, struct slice bytes);

/* Replies with the text, and frees it. */
void reply_report(struct client *c, struct buffer *text);

/* No such text: null in RESP3, a null bulk string in RESP2. */
void reply_no_text(struct client *c);

#endif
