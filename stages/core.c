/* core: the lesson by itself. It stands in for a stage's more.c when the stage
 * is built without the rest of Redis. */
#include "more.h"

void more_open(void)
{
}
