/* samples: replies with a sample of each type of the protocol. */
#ifndef MORE_NET_SAMPLES_H
#define MORE_NET_SAMPLES_H

#include <stdbool.h>

#include "common/slice.h"

struct client;

/* Replies with a sample of that type. Returns false if there is none. */
bool reply_sample(struct client *c, struct slice type);

#endif
