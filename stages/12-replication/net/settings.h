/* settings: the parameters of connections. CONFIG SET may change them while the
 * server runs, so they are read where they are used and copied nowhere. */
#ifndef NET_SETTINGS_H
#define NET_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"

struct net_settings {
    int64_t port; /* 0: no TCP */
    char *bind; /* the address to listen on */
    int64_t backlog;
    int64_t keepalive_s; /* 0: never probe a silent connection */
    int64_t timeout_s; /* idle clients are closed after it; 0: never */
    int64_t max_clients;
    int64_t input_max_bytes; /* of one client, read and not parsed yet */
    int64_t output_max_bytes; /* of one client, not sent yet; 0: no limit */
};

extern struct net_settings net_settings;
extern const struct config_row net_config[];

/* Lets the process open as many files as max_clients needs, or lowers
 * max_clients. Returns false when not even one client could be served. */
bool settings_fit_clients(void);

#endif
