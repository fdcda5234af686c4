#include "more/02-keyspace/store/settings.h"

#include <stddef.h>

struct lazyfree_settings lazyfree_settings;

const struct config_row more_lazyfree_config[] = {
    {CONFIG_VALUE(BOOL, "lazyfree-lazy-user-del", lazyfree_settings.user_del,
                  "no")},
    {CONFIG_VALUE(BOOL, "lazyfree-lazy-user-flush",
                  lazyfree_settings.user_flush, "no")},
    {CONFIG_VALUE(BOOL, "lazyfree-lazy-server-del",
                  lazyfree_settings.server_del, "no")},
    {.name = NULL},
};
