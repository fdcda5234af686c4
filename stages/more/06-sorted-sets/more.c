/* more_sorted_sets: registers the rest of the commands for sorted sets, those
 * for places, SORT, and what other parts of the rest do with this type. */
#include "more/more.h"

#include "more/02-keyspace/store/bytes.h"
#include "more/02-keyspace/store/copy.h"
#include "more/02-keyspace/store/digest.h"
#include "more/06-sorted-sets/command/families.h"
#include "more/06-sorted-sets/command/geo.h"
#include "more/06-sorted-sets/command/sort.h"
#include "more/06-sorted-sets/store/zset_value.h"

void more_sorted_sets(void)
{
    commands_add(more_zset_commands);
    commands_add(more_zset_range_commands);
    commands_add(more_zset_algebra_commands);
    docs_add(more_zset_docs);
    type_bytes_set(TYPE_ZSET, zset_bytes);
    type_copy_set(TYPE_ZSET, zset_copy);
    type_digest_set(TYPE_ZSET, zset_digest);
    commands_add(more_geo_commands);
    commands_add(more_geo_search_commands);
    docs_add(more_geo_docs);
    commands_add(more_sort_commands);
    docs_add(more_sort_docs);
    sort_open();
}
