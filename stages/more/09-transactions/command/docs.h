/* docs: describes the commands of transactions. */
#ifndef MORE_TRANSACTIONS_COMMAND_DOCS_H
#define MORE_TRANSACTIONS_COMMAND_DOCS_H

#include "more/01-event-loop/command/docs.h"

extern const struct command_doc more_transaction_docs[];

#endif
