#include "more/more.h"

void more_keyspace(void)
{
}
