/* value_scan: the reply of HSCAN and SSCAN. */
#ifndef MORE_COMMAND_VALUE_SCAN_H
#define MORE_COMMAND_VALUE_SCAN_H

#include "store/entry.h"

struct client;

/* SCAN key cursor [MATCH pattern] [COUNT count] for a value of that type. */
void scan_value(struct client *c, enum type type);

#endif
