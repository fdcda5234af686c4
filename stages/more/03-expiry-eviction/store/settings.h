/* settings: adds lazyfree-lazy-expire and lazyfree-lazy-eviction. */
#ifndef MORE_EXPIRY_STORE_SETTINGS_H
#define MORE_EXPIRY_STORE_SETTINGS_H

#include "common/config.h"

extern const struct config_row more_lazy_removal_config[];

#endif
