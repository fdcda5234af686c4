/* list: a list is a string, in which a length precedes each element. */
#include "command/command.h"
#include "command/families.h"
#include "common/buffer.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/string.h"

/* Counts the elements of a list, and replies with each if that is wanted. */
static int64_t walk(struct client *c, struct slice list, bool reply)
{
    int64_t count = 0;
    for (size_t at = 0; at < list.len; count++) {
        struct slice element = {list.ptr + at + 1, (uint8_t)list.ptr[at]};
        if (reply)
            reply_bulk(c, element);
        at += 1 + element.len;
    }
    return count;
}

const struct command list_commands[] = {
    {.name = "rpush",
     .arity = -3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = rpush_command},
    {.name = "lrange", .arity = 4, .handler = lrange_command},
    {.name = NULL},
};
