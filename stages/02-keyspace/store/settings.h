/* settings: what can be configured about the data. */
#ifndef STORE_SETTINGS_H
#define STORE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"

struct store_settings {
    int64_t databases;
    bool active_rehashing; /* a resize goes on while nobody uses the table */
};

extern struct store_settings store_settings;
extern const struct config_row store_config[];

#endif
