#include "more/09-transactions/command/docs.h"

#define ANYTIME (DOC_NOSCRIPT | DOC_LOADING | DOC_STALE)

const struct command_doc more_transaction_docs[] = {
    {.name = "multi",
     .group = "transactions",
     .flags = ANYTIME | DOC_FAST | DOC_ALLOW_BUSY,
     .since = "1.2.0",
     .summary = "Begins a transaction: commands are queued from now on."},
    {.name = "exec",
     .group = "transactions",
     .flags = ANYTIME | DOC_SKIP_SLOWLOG,
     .since = "1.2.0",
     .summary = "Executes the commands that are queued, and ends the "
                "transaction."},
    {.name = "discard",
     .group = "transactions",
     .flags = ANYTIME | DOC_FAST | DOC_ALLOW_BUSY,
     .since = "2.0.0",
     .summary = "Ends the transaction without executing its commands."},
    {.name = "watch",
     .group = "transactions",
     .flags = ANYTIME | DOC_FAST | DOC_ALLOW_BUSY,
     .keys = {KEYS(1, -1, 1, KEY_RO)},
     .since = "2.2.0",
     .synopsis = "key...",
     .summary = "Makes the next EXEC fail if one of the keys changes before."},
    {.name = "unwatch",
     .group = "transactions",
     .flags = ANYTIME | DOC_FAST | DOC_ALLOW_BUSY,
     .since = "2.2.0",
     .summary = "Forgets all watched keys."},
    {.name = NULL},
};
