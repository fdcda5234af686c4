/* inert: the parameters of Redis that this server has no use for. */
#ifndef MORE_NET_INERT_H
#define MORE_NET_INERT_H

#include "common/config.h"

extern const struct config_row more_inert_config[];

#endif
