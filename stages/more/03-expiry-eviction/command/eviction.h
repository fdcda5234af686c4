/* eviction: lets changes of eviction's parameters take effect at once, and
 * measures for how long memory is above its limit. */
#ifndef MORE_COMMAND_EVICTION_H
#define MORE_COMMAND_EVICTION_H

#include <stdbool.h>
#include <stdint.h>

struct client;
struct command;

/* Registers the parameters and the check for memory. */
void eviction_open(void);

/* Returns for how long memory was above its limit since the start or the last
 * reset, and for how long it is now. */
void eviction_exceeded(int64_t *total_us, int64_t *current_us);

/* Returns whether a command may need more memory. */
bool command_needs_memory(const struct command *command);

/* Lets fn say whether a client's command may need more memory, instead of
 * command_needs_memory. */
void eviction_set_needs_memory(bool (*fn)(const struct client *c));

/* Begins to measure again. */
void eviction_reset(void);

#endif
