/* replies: adds verbatim strings and a null that only reports use. */
#ifndef MORE_NET_REPLIES_H
#define MORE_NET_REPLIES_H

#include "common/buffer.h"
#include "common/slice.h"

struct client;

/* Replies with a verbatim string, whose format has three letters: "txt". In
 * RESP2 it is a bulk string. */
void reply_verbatim(struct client *c, const char *format, struct slice bytes);

/* Replies with the text, and frees it. */
void reply_report(struct client *c, struct buffer *text);

/* Replies that there is no such text: null in RESP3, a null bulk string in
 * RESP2. */
void reply_no_text(struct client *c);

#endif
