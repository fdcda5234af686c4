/* databases: SELECT, DBSIZE and FLUSHALL, about a database as a whole. */
#ifndef COMMAND_DATABASES_H
#define COMMAND_DATABASES_H

#include <stdbool.h>

#include "common/slice.h"

struct client;
struct db;

/* Puts a client into database 0, where every connection begins. */
void session_begin(struct client *c);

/* Returns the database of that index. Replies with an error and returns NULL if
 * the argument isn't an index, or there is no such database. */
struct db *db_or_reply(struct client *c, struct slice arg);

/* Checks the arguments of FLUSHALL and FLUSHDB: [ASYNC | SYNC]. Replies with an
 * error and returns false if they are anything else. */
bool flush_mode_or_reply(struct client *c);

#endif
