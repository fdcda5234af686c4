#include "more/02-keyspace/net/settings.h"

#include <limits.h>

#include "common/process.h"
#include "net/settings.h"

enum { RESERVED_FILES = 32 }; /* as the lesson reserves them at the start */

/* Asks the operating system for a file descriptor for every client. */
static bool apply_max_clients(const char **error)
{
    int64_t wanted = net_settings.max_clients + RESERVED_FILES;
    int64_t allowed = process_allow_files(wanted);
    return allowed >= wanted ||
           config_fail(error,
                       "The operating system is not able to handle the "
                       "specified number of clients, try with %lld",
                       (long long)(allowed - RESERVED_FILES));
}

const struct config_row more_net_config[] = {
    {CONFIG_NUMBER(INTEGER, "maxclients", net_settings.max_clients, "10000", 1,
                   UINT_MAX),
     .apply = apply_max_clients},
    {.name = NULL},
};
