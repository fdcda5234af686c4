#include "persist/aof.h"

static struct {
    bool is_on;
} settings;

const struct command aof_commands[] = {
    {.name = NULL},
};
