#include "more/03-expiry-eviction/store/settings.h"

#include <stdbool.h>
#include <stddef.h>

/* CONFIG knows them, but they have no effect as long as all values are freed at
 * once. */
static bool lazy_expire, lazy_eviction;

const struct config_row more_lazy_removal_config[] = {
    {CONFIG_VALUE(BOOL, "lazyfree-lazy-expire", lazy_expire, "no")},
    {CONFIG_VALUE(BOOL, "lazyfree-lazy-eviction", lazy_eviction, "no")},
    {.name = NULL},
};
