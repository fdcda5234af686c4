#include "more/more.h"

void more_event_loop(void)
{
}
