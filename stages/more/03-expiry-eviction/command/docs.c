/* docs: what is told about the commands that give keys a time, and that measure
 * their use. */
#include "more/03-expiry-eviction/command/families.h"

#define WRITE (DOC_WRITE | DOC_FAST)
#define READ (DOC_READONLY | DOC_FAST)
/* clang-format off */
#define ONE_KEY {1, 1, 1}
#define SUBCOMMAND_KEY {2, 2, 1}
/* clang-format on */

const struct command_doc more_expiry_docs[] = {
    {.name = "setex", .group = "string", .flags = DOC_WRITE | DOC_DENYOOM, .keys = ONE_KEY, .summary = "Sets a value that expires after a number of seconds."},
    {.name = "psetex", .group = "string", .flags = DOC_WRITE | DOC_DENYOOM, .keys = ONE_KEY, .summary = "Sets a value that expires after a number of milliseconds."},
    {.name = "getex", .group = "string", .flags = WRITE, .keys = ONE_KEY, .summary = "Returns a value and sets the expiration time of its key."},
    {.name = "expire", .group = "generic", .flags = WRITE, .keys = ONE_KEY, .summary = "Sets the expiration time of a key in seconds."},
    {.name = "pexpire", .group = "generic", .flags = WRITE, .keys = ONE_KEY, .summary = "Sets the expiration time of a key in milliseconds."},
    {.name = "expireat", .group = "generic", .flags = WRITE, .keys = ONE_KEY, .summary = "Sets the expiration time of a key to a Unix time in seconds."},
    {.name = "pexpireat", .group = "generic", .flags = WRITE, .keys = ONE_KEY, .summary = "Sets the expiration time of a key to a Unix time in milliseconds."},
    {.name = "ttl", .group = "generic", .flags = READ, .keys = ONE_KEY, .summary = "Returns the expiration time of a key in seconds."},
    {.name = "pttl", .group = "generic", .flags = READ, .keys = ONE_KEY, .summary = "Returns the expiration time of a key in milliseconds."},
    {.name = "persist", .group = "generic", .flags = WRITE, .keys = ONE_KEY, .summary = "Removes the expiration time of a key."},
    {.name = "expiretime", .group = "generic", .flags = READ, .keys = ONE_KEY, .summary = "Returns the expiration time of a key as a Unix time in seconds."},
    {.name = "pexpiretime", .group = "generic", .flags = READ, .keys = ONE_KEY, .summary = "Returns the expiration time of a key as a Unix time in milliseconds."},
    {.name = "object|idletime", .group = "generic", .flags = DOC_READONLY, .keys = SUBCOMMAND_KEY, .summary = "Returns the time since a key was last used, in seconds."},
    {.name = "object|freq", .group = "generic", .flags = DOC_READONLY, .keys = SUBCOMMAND_KEY, .summary = "Returns how often a key is used, as a logarithmic counter."},
    {.name = "memory", .group = "server", .summary = "Reports on memory."},
    {.name = "memory|usage", .group = "server", .flags = DOC_READONLY, .keys = SUBCOMMAND_KEY, .summary = "Estimates how many bytes a key takes with its value."},
    {.name = "memory|help", .group = "server", .flags = DOC_LOADING | DOC_STALE, .summary = "Returns helpful text about the subcommands."},
    {.name = NULL},
};
