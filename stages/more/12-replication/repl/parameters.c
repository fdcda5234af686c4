/* parameters: CONFIG REWRITE keeps the role: a line with the primary, or none. */
#include "common/config.h"
#include "more/12-replication/repl/families.h"
#include "repl/link.h"

static void rewrite_primary(struct buffer *out)
{
    if (link_up.host)
        buffer_printf(out, "replicaof %s %lld\n", link_up.host,
                      (long long)link_up.port);
}

/* The lesson's row, which needs only to be written. The last one has no name. */
static struct config_row primary_row[2];

void replication_parameters_open(void)
{
    primary_row[0] = *config_find(SLICE("replicaof"));
    primary_row[0].rewrite = rewrite_primary;
    config_add(primary_row);
}
