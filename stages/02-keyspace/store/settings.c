#include "store/settings.h"

#include <limits.h>
#include <stddef.h>

struct store_settings store_settings;

const struct config_row store_config[] = {
    {.name = "databases",
     .type = CONFIG_INTEGER,
     .flags = CONFIG_IMMUTABLE,
     .value = &store_settings.databases,
     .fallback = "16",
     .min = 1,
     .max = INT_MAX},
    {.name = "lazyfree-lazy-user-del",
     .type = CONFIG_BOOL,
     .value = &store_settings.lazy_user_del,
     .fallback = "no"},
    {.name = "lazyfree-lazy-user-flush",
     .type = CONFIG_BOOL,
     .value = &store_settings.lazy_user_flush,
     .fallback = "no"},
    {.name = "lazyfree-lazy-server-del",
     .type = CONFIG_BOOL,
     .value = &store_settings.lazy_server_del,
     .fallback = "no"},
    {.name = "activerehashing",
     .type = CONFIG_BOOL,
     .value = &store_settings.active_rehashing,
     .fallback = "yes"},
    {.name = NULL},
};
