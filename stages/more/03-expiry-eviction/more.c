/* more_expiry_eviction: registers commands, reports and parameters of expiry
 * and eviction. */
#include "more/more.h"
#include "common/config.h"
#include "more/02-keyspace/command/debug.h"
#include "more/02-keyspace/store/copy.h"
#include "more/02-keyspace/store/digest.h"
#include "more/03-expiry-eviction/command/eviction.h"
#include "more/03-expiry-eviction/command/families.h"
#include "more/03-expiry-eviction/command/removal.h"
#include "more/03-expiry-eviction/command/report.h"
#include "more/03-expiry-eviction/store/beside.h"
#include "more/03-expiry-eviction/store/settings.h"

void more_expiry_eviction(void)
{
    commands_add(more_expire_commands);
    commands_add(more_usage_commands);
    docs_add(more_expiry_docs);
    config_add(more_lazy_removal_config);
    usage_open();
    eviction_open();
    removal_open();
    report_open();
    copy_extend(copy_expiry);
    digest_extend(digest_expiry);
}
