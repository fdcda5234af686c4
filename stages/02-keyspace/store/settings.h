/* settings: the configuration parameters of the data, and their rows.
 *
 * CONFIG SET and the configuration file write these variables through the rows;
 * the rest of store/ only reads them. */
#ifndef STORE_SETTINGS_H
#define STORE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"

struct store_settings {
    int64_t databases; /* fixed when the server has started */
    bool active_rehashing; /* a resize goes on while no command uses the dict */
};

extern struct store_settings store_settings;
extern const struct config_row store_config[];

#endif
