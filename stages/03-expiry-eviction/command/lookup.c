#include "command/lookup.h"

#include "command/errors.h"
#include "net/client.h"
#include "net/reply.h"

bool read_typed_or_reply(struct client *c, struct slice key, enum type type,
                         struct entry **e)
{
    *e = lookup_read(c->db, key);
    if (!*e || (*e)->type == type)
        return true;
    reply_error(c, ERR_WRONG_TYPE);
    return false;
}

bool write_typed_or_reply(struct client *c, struct slice key, enum type type,
                          struct entry **e)
{
    *e = lookup_write(c->db, key);
    if (!*e || (*e)->type == type)
        return true;
    reply_error(c, ERR_WRONG_TYPE);
    return false;
}
