/* error_stats: counts the errors that clients got, by their codes.
 *
 * An error's first word is its code: "WRONGTYPE Operation against ...". The
 * codes are the server's own, so there are few of them, but the table is
 * bounded. */
#include "more/02-keyspace/net/error_stats.h"

#include <string.h>

enum { CODES_MAX = 64 };

static struct error_stat stats[CODES_MAX];
static int code_count;

/* Returns the first index whose code does not come before `code`. */
static int place_of(const char *code)
{
    int i = 0;
    while (i < code_count && strcmp(stats[i].code, code) < 0)
        i++;
    return i;
}

void error_stats_count(const char *text)
{
    char code[ERROR_CODE_MAX] = "";
    size_t len = strcspn(text, " ");
    memcpy(code, text, len < sizeof code ? len : sizeof code - 1);
    int i = place_of(code);
    if (i == code_count || strcmp(stats[i].code, code) != 0) {
        if (code_count == CODES_MAX)
            return;
        memmove(&stats[i + 1], &stats[i],
                (size_t)(code_count - i) * sizeof stats[0]);
        memcpy(stats[i].code, code, sizeof code);
        stats[i].count = 0;
        code_count++;
    }
    stats[i].count++;
}

const struct error_stat *error_stats_at(int i)
{
    return i < code_count ? &stats[i] : NULL;
}

void error_stats_reset(void)
{
    code_count = 0;
}
