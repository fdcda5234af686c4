/* blocking: BLPOP and BRPOP, which wait for an element. */
#include "command/call.h"
#include "command/families.h"
#include "command/list.h"
#include "command/lookup.h"
#include "command/waiting.h"
#include "net/client.h"
#include "net/reply.h"

/* Pops an element for the client, and replies with the key and the element. It
 * is propagated as LPOP or RPOP, which wait for nothing. */
static bool serve_pop(struct client *c, struct slice key, struct entry *e)
{
    bool is_left = slice_is(SLICE("blpop"), c->command->name);
    const struct slice argv[] = {is_left ? SLICE("LPOP") : SLICE("RPOP"), key};
    if (!e)
        return false;
    reply_array(c, 2);
    reply_bulk(c, key);
    pop_and_reply(c, key, entry_list(e), is_left ? LIST_HEAD : LIST_TAIL, 1);
    propagate_as(c, 2, argv);
    return true;
}

/* BLPOP key [key ...] timeout
 * BRPOP key [key ...] timeout
 * The first key that has a list is popped from. If there is none the client
 * waits for all of them. */
static void bpop_command(struct client *c)
{
    struct wait_args wait = {.first = 1,
                             .count = c->argc - 2,
                             .type = TYPE_LIST,
                             .serve = serve_pop};
    struct entry *e;
    if (!timeout_or_reply(c, c->argv[c->argc - 1], &wait.timeout_ms))
        return;
    for (int i = 1; i < c->argc - 1; i++) {
        if (!write_typed_or_reply(c, c->argv[i], TYPE_LIST, &e) ||
            serve_pop(c, c->argv[i], e))
            return;
    }
    wait_for_keys(c, &wait);
}

const struct command blocking_commands[] = {
    {.name = "blpop", .arity = -3, .flags = CMD_WRITE, .handler = bpop_command},
    {.name = "brpop", .arity = -3, .flags = CMD_WRITE, .handler = bpop_command},
    {.name = NULL},
};
