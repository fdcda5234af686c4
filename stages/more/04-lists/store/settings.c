#include "more/04-lists/store/settings.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/* CONFIG knows it, but nodes are never compressed. */
static int64_t compress_depth;

const struct config_row more_list_config[] = {
    {CONFIG_NUMBER(INTEGER, "list-compress-depth", compress_depth, "0", 0,
                   INT_MAX)},
    {.name = NULL},
};
