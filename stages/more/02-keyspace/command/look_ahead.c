#include "more/02-keyspace/command/look_ahead.h"

#include "more/02-keyspace/net/lookahead.h"
#include "more/02-keyspace/store/prefetch.h"
#include "net/client.h"

static prefetch_names_fn *prefetch_names;

void look_ahead_extend(prefetch_names_fn *fn)
{
    prefetch_names = fn;
}

size_t look_ahead(struct client *c)
{
    struct lookahead found[LOOKAHEAD_MAX];
    struct slice keys[LOOKAHEAD_MAX], names[LOOKAHEAD_MAX];
    size_t end;
    size_t count = lookahead_keys(&c->input, c->reader.position, found, &end);
    if (count < 2)
        return end;
    for (size_t i = 0; i < count; i++) {
        keys[i] = found[i].key;
        names[i] = found[i].name;
    }
    bool is_useful = db_prefetch(c->db, keys, count);
    if (prefetch_names && prefetch_names(c->db, keys, names, count))
        is_useful = true;
    return is_useful ? end : c->input.len;
}
