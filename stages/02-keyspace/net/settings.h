/* settings: what can be configured about connections. */
#ifndef NET_SETTINGS_H
#define NET_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

/* Those before CLASS_COUNT have output limits; a link to a primary has none. */
enum client_class {
    CLASS_NORMAL,
    CLASS_REPLICA,
    CLASS_PUBSUB,
    CLASS_COUNT,
    CLASS_PRIMARY = CLASS_COUNT,
};
extern const struct choice client_classes[]; /* a replica has two names */

/* How much output may wait for a client: `hard_bytes` at any moment, or
 * `soft_bytes` for longer than `soft_seconds`; 0 means any amount. */
struct output_limit {
    int64_t hard_bytes;
    int64_t soft_bytes;
    int64_t soft_seconds;
};

struct net_settings {
    int64_t port; /* 0: no TCP */
    char *bind; /* addresses with spaces between them */
    char *unix_socket;
    int64_t unix_socket_mode; /* 0: as the umask says */
    int64_t backlog;
    int64_t keepalive_s;
    int64_t timeout_s; /* idle clients are closed after it; 0: never */
    int64_t max_clients;
    int64_t input_max_bytes;
    bool protected_mode;
    bool has_password; /* then protected mode is not needed; no parameter */
    struct output_limit output_limits[CLASS_COUNT];
};

extern struct net_settings net_settings;
extern const struct config_row net_config[];

#endif
