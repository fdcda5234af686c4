#include "more/08-blocking-pubsub/command/replicated.h"

#include <string.h>

#include "command/command.h"
#include "net/client.h"

bool command_is_replicated(const struct command *command)
{
    return command->flags & CMD_WRITE ||
           strcmp(command->name, "publish") == 0 ||
           strcmp(command->name, "spublish") == 0;
}

bool is_replicated(const struct client *c)
{
    return command_is_replicated(c->command);
}
