/* radix: what the radix tree of Redis would be like, for XINFO. */
#ifndef MORE_STORE_RADIX_H
#define MORE_STORE_RADIX_H

#include <stdint.h>

#include "store/tree.h"

/* Returns how many nodes a radix tree would have whose keys are the IDs of
 * these items, as 16 bytes each, highest first. */
uint64_t radix_nodes(const struct tree *t);

#endif
