/* settings: parameters about freeing what expires and what is evicted in steps. */
#ifndef MORE_EXPIRY_STORE_SETTINGS_H
#define MORE_EXPIRY_STORE_SETTINGS_H

#include "common/config.h"

extern const struct config_row more_lazy_removal_config[];

#endif
