#include "command/key_positions.h"

#include "command/command.h"
#include "net/client.h"

int command_keys(const struct command *command, int argc,
                 const struct slice *argv, int *positions)
{
    (void)argv;
    struct key_range keys = command->keys;
    int last = keys.last < 0 ? argc + keys.last : keys.last;
    int count = 0;
    for (int i = keys.first; keys.step && i <= last && i < argc;
         i += keys.step) {
        if (positions)
            positions[count] = i;
        count++;
    }
    return count;
}

bool command_has_keys(const struct client *c)
{
    return command_keys(c->command, c->argc, c->argv, NULL) > 0;
}
