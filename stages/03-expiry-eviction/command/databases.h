/* databases: choosing one of them, and what concerns one as a whole. */
#ifndef COMMAND_DATABASES_H
#define COMMAND_DATABASES_H

#include <stdbool.h>

#include "common/slice.h"

struct client;
struct db;

/* A conversation begins in database 0. */
void session_begin(struct client *c);

/* Returns the database of that number, or replies with an error and returns
 * NULL. */
struct db *db_or_reply(struct client *c, struct slice arg);

/* Checks the argument of FLUSHALL and FLUSHDB: [ASYNC | SYNC]. Replies with an
 * error and returns false if it is another. */
bool flush_mode_or_reply(struct client *c);

#endif
