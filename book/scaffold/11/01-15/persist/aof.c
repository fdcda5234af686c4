#include "persist/aof.h"

#include "persist/snapshot.h"

static struct {
    bool is_on;
} settings;

const struct command aof_commands[] = {
    {.name = NULL},
};
