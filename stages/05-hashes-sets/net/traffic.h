/* traffic: what happens on connections, for those who count it. net/ reports
 * and keeps no figures itself. */
#ifndef NET_TRAFFIC_H
#define NET_TRAFFIC_H

#include <stddef.h>

enum traffic {
    TRAFFIC_ACCEPTED,
    TRAFFIC_REJECTED, /* and closed again */
    TRAFFIC_READ, /* a call to read */
    TRAFFIC_WRITTEN /* a reply, or a part of it, was sent */
};

typedef void traffic_fn(enum traffic what, size_t bytes);

/* Calls fn for all traffic from now on. */
void traffic_observe(traffic_fn *fn);

/* Tells those who count; the bytes are 0 where there are none. */
void traffic_report(enum traffic what, size_t bytes);

#endif
