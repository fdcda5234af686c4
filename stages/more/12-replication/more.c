/* more_replication: registers what completes replication. */
#include "more/more.h"

void more_replication(void)
{
}
