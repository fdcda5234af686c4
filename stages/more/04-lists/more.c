/* more_lists: registers the rest of the commands for lists, and what other
 * parts of the rest do with a list. */
#include "more/more.h"

#include "common/config.h"
#include "more/02-keyspace/store/bytes.h"
#include "more/02-keyspace/store/copy.h"
#include "more/02-keyspace/store/digest.h"
#include "more/04-lists/command/families.h"
#include "more/04-lists/store/list_value.h"
#include "more/04-lists/store/settings.h"

void more_lists(void)
{
    commands_add(more_list_commands);
    docs_add(more_list_docs);
    config_add(more_list_config);
    type_bytes_set(TYPE_LIST, list_bytes);
    type_copy_set(TYPE_LIST, list_copy);
    type_digest_set(TYPE_LIST, list_digest);
}
