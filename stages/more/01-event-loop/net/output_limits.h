/* output_limits: limits how much output may wait for clients of each class. */
#ifndef MORE_NET_OUTPUT_LIMITS_H
#define MORE_NET_OUTPUT_LIMITS_H

#include "common/choice.h"

extern const struct choice client_classes[]; /* a replica has two names */

/* Registers the parameter and begins to check clients. */
void output_limits_open(void);

#endif
