/* more_sorted_sets: registers the rest of the commands for sorted sets, and what
 * other parts of the rest do with this type. */
#include "more/more.h"

#include "more/06-sorted-sets/command/geo.h"
#include "more/06-sorted-sets/command/sort.h"

void more_sorted_sets(void)
{
    commands_add(more_geo_commands);
    commands_add(more_geo_search_commands);
    docs_add(more_geo_docs);
    commands_add(more_sort_commands);
    docs_add(more_sort_docs);
    sort_open();
}
