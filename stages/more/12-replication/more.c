/* more_replication: registers what completes replication. */
#include "more/more.h"

#include "more/12-replication/repl/families.h"

void more_replication(void)
{
    docs_add(more_replication_docs);
    sync_open();
    handshake_open();
    mark_open();
    role_open();
    failover_open();
    refusal_open();
    own_keys_open();
    history_open();
    messages_open();
    classes_open();
    farewell_open();
    replication_report_open();
}
