/* error_stats: how many errors of each kind clients were replied with. */
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

/* All codes in the order of the alphabet, i from 0; NULL after the last. */
const struct error_stat *error_stats_at(int i);

void error_stats_reset(void);

#endif
