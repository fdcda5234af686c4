#include "command/lookup.h"

#include "command/errors.h"
#include "net/client.h"
#include "net/reply.h"

/* Returns whether the key is missing or its value has that type. Otherwise
 * replies with an error. */
static bool check_type(struct client *c, const struct entry *e, enum type type)
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
    return check_type(c, *e, type);
}

bool write_typed_or_reply(struct client *c, struct slice key, enum type type,
                          struct entry **e)
{
    *e = lookup_write(c->db, key);
    return check_type(c, *e, type);
}
