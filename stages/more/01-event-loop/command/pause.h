/* pause: adds CLIENT PAUSE, which lets the commands of all clients wait. */
#ifndef MORE_COMMAND_PAUSE_H
#define MORE_COMMAND_PAUSE_H

#include <stdbool.h>

struct client;

/* CLIENT PAUSE and CLIENT UNPAUSE */
void client_pause_command(struct client *c);
void client_unpause_command(struct client *c);

/* Postpones a command that a pause holds back and returns false, without a
 * reply: the command is executed when the pause ends. */
bool check_paused(struct client *c);

/* Whether write commands have to wait. */
bool pause_holds_writes(void);

/* Sets the function that says whether a client's command writes, for a pause
 * that holds back only those. */
void pause_set_writes(bool (*fn)(const struct client *c));

#endif
