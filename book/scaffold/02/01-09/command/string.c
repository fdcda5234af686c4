/* string: SET and GET, and the table that they work on. */
#include <stdint.h>

#include "command/families.h"
#include "common/slice.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"

/* SET key value */
static void set_command(struct client *c)
{
    struct node *node = find(c->argv[1]);
    if (!node)
        node = add(c->argv[1]);
    zfree((char *)node->value.ptr);
    node->value = (struct slice){slice_dup(c->argv[2]), c->argv[2].len};
    reply_ok(c);
}

const struct command string_commands[] = {
    {.name = "set", .arity = 3, .handler = set_command},
    {.name = "get", .arity = 2, .handler = get_command},
    {.name = NULL},
};
