/* access: what only those clients may do whom the configuration trusts. */
#ifndef MORE_COMMAND_ACCESS_H
#define MORE_COMMAND_ACCESS_H

#include <stdbool.h>

#include "common/config.h"

struct client;

/* The values of `enable-debug-command` and its like. */
enum access { ACCESS_NO, ACCESS_LOCAL, ACCESS_YES };
extern const struct choice access_choices[];

/* Whether the client may. */
bool access_is_granted(enum access access, const struct client *c);

#endif
