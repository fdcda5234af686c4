/* settings: lets maxclients change while the server runs. */
#ifndef MORE_NET_SETTINGS_H
#define MORE_NET_SETTINGS_H

#include "common/config.h"

extern const struct config_row more_net_config[];

#endif
