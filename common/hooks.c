#include "hooks.h"

#include <stdio.h>
#include <stdlib.h>

void hooks_add(struct hooks *hooks, hook_fn *fn)
{
    if (hooks->count == HOOKS_MAX) {
        fprintf(stderr, "More than %d functions for one hook\n", HOOKS_MAX);
        abort();
    }
    hooks->fn[hooks->count++] = fn;
}
