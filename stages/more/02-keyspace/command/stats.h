/* stats: counts calls, errors and time, for all commands and for each. */
#ifndef MORE_COMMAND_STATS_H
#define MORE_COMMAND_STATS_H

#include <stdbool.h>
#include <stdint.h>

struct client;
struct command;

struct command_stats {
    int64_t calls;
    int64_t usec; /* spent in its handler */
    int64_t rejected; /* a check did not let it through */
    int64_t failed; /* the handler replied with an error */
};

/* Begins to count. */
void stats_open(void);

/* The row's numbers, or NULL if nothing has happened with it yet. */
const struct command_stats *stats_of(const struct command *row);

extern int64_t stats_calls; /* of all commands */
extern int64_t stats_errors; /* that clients were replied with */

/* Whether the running command has replied with an error. check_permitted clears
 * it before the handler runs. */
extern bool stats_has_failed;

/* A client with this flag was called before: an error that it is replied with
 * now is a failure of that command, and not of the one that runs. */
void stats_expect_late(unsigned flag);

/* Counts the client's command as failed. */
void stats_count_failed(const struct client *c);

/* Calls fn whenever all counters begin again from zero. */
void stats_on_reset(void (*fn)(void));

/* Sets all counters to zero, for CONFIG RESETSTAT. */
void stats_reset(void);

#endif
