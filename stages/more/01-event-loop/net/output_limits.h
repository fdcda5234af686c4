/* output_limits: how much output may wait for clients of each class, and for
 * how long. */
#ifndef MORE_NET_OUTPUT_LIMITS_H
#define MORE_NET_OUTPUT_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "common/choice.h"
#include "more/01-event-loop/net/extension.h"

struct client;

extern const struct choice client_classes[]; /* a replica has two names */

/* Sets the hard limit of the client's output. Call it when the client logs in,
 * or has to do so from now on: CLIENT_BEFORE_LOGIN. */
void output_limits_update(struct client *c);

/* Lets fn say how many bytes wait for a replica, which is what its limits are
 * for. It may raise the hard one; 0 is none. */
typedef size_t replica_lag_fn(const struct client *c, uint64_t *hard_bytes);
void output_limits_of_replicas(replica_lag_fn *fn);

/* Replaces the lesson's parameter by one that knows all classes. */
void output_limits_open(void);

#endif
