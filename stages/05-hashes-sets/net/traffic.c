#include "net/traffic.h"

#include "common/hooks.h"

static struct hooks observers;

void traffic_observe(traffic_fn *fn)
{
    hooks_add(&observers, (hook_fn *)fn);
}

void traffic_report(enum traffic what, size_t bytes)
{
    hooks_call(&observers, traffic_fn, what, bytes);
}
