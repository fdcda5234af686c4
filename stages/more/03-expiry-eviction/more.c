#include "more/more.h"

void more_expiry_eviction(void)
{
}
