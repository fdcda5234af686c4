#include "more/02-keyspace/command/look_ahead.h"

#include "more/02-keyspace/net/lookahead.h"
#include "more/02-keyspace/store/prefetch.h"
#include "net/client.h"

size_t look_ahead(struct client *c)
{
    struct slice keys[LOOKAHEAD_MAX];
    size_t end;
    size_t found = lookahead_keys(&c->input, c->reader.position, keys, &end);
    if (found > 1)
        db_prefetch(c->db, keys, found);
    return end;
}
