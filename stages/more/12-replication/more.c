/* more_replication: registers what completes replication. */
#include "more/more.h"

#include "more/12-replication/repl/families.h"

void more_replication(void)
{
    replication_parameters_open();
}
