/* output_limits: how much output may wait for clients of each class, and for
 * how long. */
#ifndef MORE_NET_OUTPUT_LIMITS_H
#define MORE_NET_OUTPUT_LIMITS_H

#include "common/choice.h"

extern const struct choice client_classes[]; /* a replica has two names */

/* Replaces the lesson's parameter by one that knows all classes. */
void output_limits_open(void);

#endif
