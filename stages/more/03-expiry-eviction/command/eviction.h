/* eviction: parameters of eviction that take effect when they are changed. */
#ifndef MORE_COMMAND_EVICTION_H
#define MORE_COMMAND_EVICTION_H

void eviction_open(void);

#endif
