/* pause: commands of all clients wait until a time has passed. */
#ifndef MORE_COMMAND_PAUSE_H
#define MORE_COMMAND_PAUSE_H

#include <stdbool.h>

struct client;

/* CLIENT PAUSE and CLIENT UNPAUSE */
void client_pause_command(struct client *c);
void client_unpause_command(struct client *c);

/* Postpones a command that a pause holds back. It is executed when the pause
 * ends, not refused. */
bool check_paused(struct client *c);

/* Whether commands that write have to wait. */
bool pause_holds_writes(void);

/* Says which commands write, for a pause that holds only those. */
void pause_set_writes(bool (*fn)(const struct client *c));

#endif
