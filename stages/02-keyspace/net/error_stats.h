/* error_stats: how often each kind of error was answered.
 *
 * An error's first word is its code: "WRONGTYPE Operation against ...". The
 * codes are the server's own words, so there are few of them; the table takes
 * no more than so many all the same. */
#ifndef NET_ERROR_STATS_H
#define NET_ERROR_STATS_H

#include <stdint.h>

enum { ERROR_CODE_MAX = 32 }; /* bytes of a code, with the 0 behind it */

struct error_stat {
    char code[ERROR_CODE_MAX];
    int64_t count;
};

/* Counts an error under the first word of its text. */
void error_stats_count(const char *text);

/* In the order of the alphabet, i from 0; NULL behind the last. */
const struct error_stat *error_stats_at(int i);

void error_stats_reset(void);

#endif
