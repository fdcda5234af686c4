/* traffic_stats: counts connections, reads, writes and bytes. */
#ifndef MORE_NET_TRAFFIC_STATS_H
#define MORE_NET_TRAFFIC_STATS_H

#include <stdint.h>

/* Counted since the start or the last CONFIG RESETSTAT. */
struct traffic_stats {
    int64_t connections_received;
    int64_t connections_rejected;
    int64_t reads; /* from clients */
    int64_t writes; /* to clients */
    int64_t input_bytes;
    int64_t output_bytes;
};
extern struct traffic_stats traffic_stats;

/* Begins to count. */
void traffic_stats_open(void);

#endif
