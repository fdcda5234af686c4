#include "command/session.h"

#include "command/auth.h"
#include "net/client.h"
#include "store/keyspace.h"

void session_look_ahead(struct client *c, const struct slice *keys,
                        size_t count)
{
    db_prefetch(c->db, keys, count);
}

void session_begin(struct client *c)
{
    c->db = db_at(0);
    auth_begin(c);
}
