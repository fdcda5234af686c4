#include "more/03-expiry-eviction/store/settings.h"

#include <stdbool.h>
#include <stddef.h>

/* CONFIG knows them, but they have no effect: first all values are freed at
 * once, and then all that the server removes by itself is freed in steps. */
static bool lazy_expire, lazy_eviction;

const struct config_row more_lazy_removal_config[] = {
    {CONFIG_VALUE(BOOL, "lazyfree-lazy-expire", lazy_expire, "no")},
    {CONFIG_VALUE(BOOL, "lazyfree-lazy-eviction", lazy_eviction, "no")},
    {.name = NULL},
};
