/* databases: choosing one of them, and what concerns one as a whole. */
#ifndef COMMAND_DATABASES_H
#define COMMAND_DATABASES_H

#include "common/slice.h"

struct client;
struct db;

/* The database of that number; NULL when there is none, and the client has been
 * answered. */
struct db *arg_db(struct client *c, struct slice arg);

#endif
