/* output_limits: how much output may wait for clients of each class, and for
 * how long. */
#ifndef MORE_NET_OUTPUT_LIMITS_H
#define MORE_NET_OUTPUT_LIMITS_H

#include "common/choice.h"

struct client;

extern const struct choice client_classes[]; /* a replica has two names */

/* Sets the hard limit of the client's output. Call it when the client logs in,
 * or has to do so from now on: CLIENT_BEFORE_LOGIN. */
void output_limits_update(struct client *c);

/* Replaces the lesson's parameter by one that knows all classes. */
void output_limits_open(void);

#endif
