#include "more/02-keyspace/net/traffic_stats.h"

#include "net/connection.h"

struct traffic_stats traffic_stats;

/* Called by the lesson for all that it does with sockets. */
static void count_traffic(enum traffic what, size_t bytes)
{
    switch (what) {
    case TRAFFIC_ACCEPTED:
        traffic_stats.connections_received++;
        break;
    case TRAFFIC_REJECTED:
        traffic_stats.connections_rejected++;
        break;
    case TRAFFIC_READ:
        traffic_stats.reads++;
        traffic_stats.input_bytes += (int64_t)bytes;
        break;
    case TRAFFIC_WRITTEN:
        traffic_stats.writes++;
        traffic_stats.output_bytes += (int64_t)bytes;
        break;
    }
}

void traffic_stats_open(void)
{
    traffic_observe(count_traffic);
}
