/* eviction: lets changes of eviction's parameters take effect at once. */
#ifndef MORE_COMMAND_EVICTION_H
#define MORE_COMMAND_EVICTION_H

/* Registers the parameters and the check for memory. */
void eviction_open(void);

#endif
