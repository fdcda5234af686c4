/* monitor: clients that are shown what all others do. */
#ifndef COMMAND_MONITOR_H
#define COMMAND_MONITOR_H

#include <stdbool.h>

struct client;

void monitor_command(struct client *c);

/* Shows the client nothing any more. */
void monitor_end(struct client *c);

/* A client that watches may not use keys. Answers when it wants to. */
bool monitor_permits(struct client *c);

#endif
