/* client_list: who is connected, as lines of fields; and sending them away. */
#ifndef COMMAND_CLIENT_LIST_H
#define COMMAND_CLIENT_LIST_H

struct client;

void client_list_command(struct client *c);
void client_info_command(struct client *c);
void client_kill_command(struct client *c);

#endif
