#include "more.h"

#include "more/more.h"

void more_open(void)
{
    more_resp();
}
