#include "more/more.h"

void more_resp(void)
{
}
