#include "persist/aof_load.h"

#include <fcntl.h>
#include <stdio.h>

#include "command/command.h"
#include "command/transaction.h"
#include "common/config.h"
#include "net/client.h"

/* Executes the command that was read, or keeps it for EXEC. Returns false if
 * this server cannot have logged it. */
static bool execute(struct client *c, const struct resp_reader *reader)
{
    c->argc = reader->argc;
    c->argv = reader->argv;
    c->command = command_of(c->argc, c->argv);
    if (!c->command || !c->command->handler)
        return false;
    if (!transaction_queue(c))
        c->command->handler(c);
    return true;
}

/* Executes the commands of the one file. */
bool aof_load(void)
{
    struct buffer bytes = {0};
    struct resp_reader reader = {0};
    FILE *stream = fopen("appendonlydir/appendonly.aof.1.incr.aof", "r");
    if (!stream)
        return true;
    config_append_stream(&bytes, stream);
    fclose(stream);
    struct client *c =
        client_create(open("/dev/null", O_WRONLY), CLIENT_DENY_BLOCKING);
    c->output.muted = true;
    resp_init(&reader);
    while (resp_read(&reader, &bytes) == RESP_COMMAND && execute(c, &reader))
        continue;
    client_free(c);
    return reader.position == bytes.len;
}
