/* loading: serves clients while a long file is read at the start. */
#ifndef MORE_PERSIST_LOADING_H
#define MORE_PERSIST_LOADING_H

#include <stdbool.h>
#include <stdint.h>

struct client;

/* Notes how many bytes of a file are loaded, and serves clients if it is time for
 * that or `is_due`. Must be called where another command may be executed:
 * between two keys, or two commands. */
void loading_note(int64_t loaded, int64_t total, bool is_due);

/* Whether the file is being read at the start. */
bool loading_is_underway(void);

/* Ends the server, which is to stop, after this turn, if it is loading. Returns
 * false if it is not. */
bool loading_stop(void);

/* Replies with an error and returns false if the command needs data that is not
 * complete yet. */
bool check_not_loading(struct client *c);

/* Adds what INFO tells of it, which comes after all else in its section. */
void loading_report_open(void);

#endif
