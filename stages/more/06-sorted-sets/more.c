/* more_sorted_sets: registers the rest of the commands for sorted sets, and what
 * other parts of the rest do with this type. */
#include "more/more.h"

void more_sorted_sets(void)
{
}
