/* removal: stops expiry and eviction while writes are paused, or for a test. */
#ifndef MORE_COMMAND_REMOVAL_H
#define MORE_COMMAND_REMOVAL_H

/* Registers the function that decides, and DEBUG SET-ACTIVE-EXPIRE. */
void removal_open(void);

#endif
