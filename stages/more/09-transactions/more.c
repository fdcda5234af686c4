/* more_transactions: registers what reports tell of transactions, what may not
 * be in one or is none, and BLMOVE for one that must not wait. */
#include "more/more.h"

#include "command/dispatch.h"
#include "command/transaction.h"
#include "more/00-resp/command/connection.h"
#include "more/01-event-loop/command/pause.h"
#include "more/03-expiry-eviction/command/eviction.h"
#include "more/09-transactions/command/apart.h"
#include "more/09-transactions/command/blocking.h"
#include "more/09-transactions/command/docs.h"
#include "more/09-transactions/command/report.h"
#include "more/09-transactions/command/rules.h"

void more_transactions(void)
{
    commands_add(more_moving_commands);
    docs_add(more_transaction_docs);
    reset_observe(transaction_discard);
    dispatch_check(CHECK_AUTHENTICATED, check_permitted_and_allowed);
    pause_set_writes(is_held_by_pause);
    eviction_set_needs_memory(transaction_needs_memory);
    removals_apart_open();
    transaction_rules_open();
    transaction_report_open();
}
