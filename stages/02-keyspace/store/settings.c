/* settings, inside: a row for each parameter, with its range and its
 * default, which is a text because it is parsed as a value of the
 * configuration file is. */
#include "store/settings.h"

#include <limits.h>
#include <stddef.h>

struct store_settings store_settings;

const struct config_row store_config[] = {
    {CONFIG_NUMBER(INTEGER, "databases", store_settings.databases, "16", 1,
                   INT_MAX),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_VALUE(BOOL, "activerehashing", store_settings.active_rehashing,
                  "yes")},
    {.name = NULL},
};
