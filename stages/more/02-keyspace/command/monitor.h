/* monitor: adds MONITOR, which shows a client the commands of all others. */
#ifndef MORE_COMMAND_MONITOR_H
#define MORE_COMMAND_MONITOR_H

#include <stdbool.h>
#include <stdint.h>

struct client;

enum { CLIENT_MONITOR = 1 << 25 }; /* a flag of clients: watches the others */

/* Shows the client's command to all that have sent MONITOR. */
void monitor_show(const struct client *c);

/* Begins to show commands to clients that have sent MONITOR. */
void monitor_open(void);

#endif
