#include "command/lookup.h"

#include "command/errors.h"
#include "net/client.h"
#include "net/reply.h"

/* Whether it is of that type, or there is none. Replies with an error if not. */
static bool type_or_reply(struct client *c, const struct entry *e,
                          enum type type)
{
    if (!e || e->type == type)
        return true;
    reply_error(c, ERR_WRONG_TYPE);
    return false;
}

bool read_typed_or_reply(struct client *c, struct slice key, enum type type,
                         struct entry **e)
{
    *e = lookup_read(c->db, key);
    return type_or_reply(c, *e, type);
}

bool write_typed_or_reply(struct client *c, struct slice key, enum type type,
                          struct entry **e)
{
    *e = lookup_write(c->db, key);
    return type_or_reply(c, *e, type);
}
