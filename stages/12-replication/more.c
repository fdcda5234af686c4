#include "more.h"

#include "more/more.h"

void more_open(void)
{
    more_resp();
    more_event_loop();
    more_keyspace();
    more_expiry_eviction();
    more_lists();
    more_hashes_sets();
    more_sorted_sets();
    more_streams();
    more_blocking_pubsub();
    more_transactions();
    more_rdb();
    more_aof();
    more_replication();
}
