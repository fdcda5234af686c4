/* settings: adds list-compress-depth. */
#ifndef MORE_LISTS_STORE_SETTINGS_H
#define MORE_LISTS_STORE_SETTINGS_H

#include "common/config.h"

extern const struct config_row more_list_config[];

#endif
