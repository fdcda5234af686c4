/* settings: what can be configured about the data. */
#ifndef STORE_SETTINGS_H
#define STORE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

struct store_settings {
    int64_t databases;
    bool lazy_user_del; /* DEL frees as UNLINK does */
    bool lazy_user_flush; /* FLUSHALL and FLUSHDB are ASYNC by default */
    bool lazy_server_del; /* what a command replaces is freed bit by bit */
    bool active_rehashing;
    bool lazy_expire; /* large values that expire are freed bit by bit */
    int64_t expire_effort; /* 1 to 10: how few expired keys may stay */
};

extern struct store_settings store_settings;
extern const struct config_row store_config[];

#endif
