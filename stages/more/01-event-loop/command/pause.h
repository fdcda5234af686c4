/* pause: adds CLIENT PAUSE, which lets the commands of all clients wait. */
#ifndef MORE_COMMAND_PAUSE_H
#define MORE_COMMAND_PAUSE_H

#include <stdbool.h>

struct client;

/* CLIENT PAUSE and CLIENT UNPAUSE */
void client_pause_command(struct client *c);
void client_unpause_command(struct client *c);

/* Registers the check that lets commands wait. */
void pause_open(void);

/* Whether write commands have to wait. */
bool pause_holds_writes(void);

/* Lets writes wait for a reason of the server's own, which CLIENT UNPAUSE does
 * not end, or lets them go on. */
enum pause_reason { PAUSE_FAILOVER = 1 << 0, PAUSE_SHUTDOWN = 1 << 1 };
void pause_writes(enum pause_reason reason, bool waits);

/* Sets the function that says whether a client's command writes, for a pause
 * that holds back only those. */
void pause_set_writes(bool (*fn)(const struct client *c));

#endif
