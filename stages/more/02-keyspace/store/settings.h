/* settings: adds the parameters lazyfree-lazy-user-del and the like. */
#ifndef MORE_STORE_SETTINGS_H
#define MORE_STORE_SETTINGS_H

#include <stdbool.h>

#include "common/config.h"

/* They have no effect as long as all values are freed at once. */
struct lazyfree_settings {
    bool user_del; /* DEL frees as UNLINK does */
    bool user_flush; /* FLUSHALL and FLUSHDB are ASYNC by default */
    bool server_del; /* CONFIG knows it; all that is replaced is freed so */
};

extern struct lazyfree_settings lazyfree_settings;
extern const struct config_row more_lazyfree_config[];

#endif
