/* docs: describes the command that rewrites the log. */
#include "more/11-aof/persist/families.h"

const struct command_doc more_aof_docs[] = {
    {.name = "bgrewriteaof",
     .group = "server",
     .flags = DOC_ADMIN | DOC_NOSCRIPT | DOC_NO_ASYNC_LOADING,
     .since = "1.0.0",
     .summary = "Rewrites the append-only file in the background."},
    {.name = NULL},
};
