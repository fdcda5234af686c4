/* error_stats: counts the errors that clients got, by their codes. */
#ifndef MORE_NET_ERROR_STATS_H
#define MORE_NET_ERROR_STATS_H

#include <stdint.h>

enum { ERROR_CODE_MAX = 32 }; /* bytes of a code, with a zero byte after it */

struct error_stat {
    char code[ERROR_CODE_MAX];
    int64_t count;
};

/* Counts an error under the first word of its text. */
void error_stats_count(const char *text);

/* Returns code i, from 0 on in the order of the alphabet; NULL after the
 * last. */
const struct error_stat *error_stats_at(int i);

/* Forgets all codes. */
void error_stats_reset(void);

#endif
