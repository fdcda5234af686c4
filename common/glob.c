/* glob: matching without recursion.
 *
 * Everything in a pattern but '*' takes exactly one byte. So when the part
 * behind a star does not fit, only the last star has to take one byte more:
 * an earlier one that took more could not help. That bounds the time by
 * pattern times string, whatever the pattern.
 *
 * The corners are those of stringmatchlen in Redis's util.c: a set without a
 * closing bracket ends with the pattern, bounds of a range may be swapped,
 * bytes are signed in a range, and no pattern but the empty one matches the
 * empty string, not even "*". */
#include "glob.h"

struct pattern {
    const char *at;
    const char *end;
};

/* The byte as a number: signed, and in lower case where that is ignored. */
static int fold(char c, bool nocase)
{
    int byte = (signed char)c;
    return nocase && byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte;
}

/* The bounds are put in order first and folded then, as Redis does it. */
static bool in_range(char from, char to, char c, bool nocase)
{
    int low = (signed char)from < (signed char)to ? from : to;
    int high = low == from ? to : from;
    low = fold((char)low, nocase);
    high = fold((char)high, nocase);
    int byte = fold(c, nocase);
    return byte >= low && byte <= high;
}

/* Whether c is in the set; p stands behind '[' and moves behind the set. */
static bool match_set(struct pattern *p, char c, bool nocase)
{
    bool negated = p->at < p->end && *p->at == '^';
    bool found = false;
    if (negated)
        p->at++;
    for (; p->at < p->end && *p->at != ']'; p->at++) {
        if (*p->at == '\\' && p->end - p->at >= 2) {
            p->at++;
            found |= *p->at == c;
        } else if (p->end - p->at >= 3 && p->at[1] == '-') {
            found |= in_range(p->at[0], p->at[2], c, nocase);
            p->at += 2;
        } else {
            found |= fold(*p->at, nocase) == fold(c, nocase);
        }
    }
    if (p->at < p->end)
        p->at++; /* the bracket */
    return found != negated;
}

/* Whether c fits the pattern's next element, which is not a star; p moves
 * behind it. */
static bool match_one(struct pattern *p, char c, bool nocase)
{
    char first = *p->at++;
    if (first == '?')
        return true;
    if (first == '[')
        return match_set(p, c, nocase);
    if (first == '\\' && p->at < p->end)
        first = *p->at++;
    return fold(first, nocase) == fold(c, nocase);
}

/* Several stars in a row say no more than one. */
static void skip_stars(struct pattern *p)
{
    while (p->at < p->end && *p->at == '*')
        p->at++;
}

bool glob_match(struct slice pattern, struct slice string, bool nocase)
{
    if (pattern.len == 0 || string.len == 0)
        return pattern.len == string.len;
    struct pattern p = {pattern.ptr, pattern.ptr + pattern.len};
    const char *s = string.ptr;
    const char *end = s + string.len;
    struct pattern after_star = {0};
    const char *star_end = NULL; /* where the last star's bytes end */
    while (s < end) {
        if (p.at < p.end && *p.at == '*') {
            skip_stars(&p);
            if (p.at == p.end)
                return true;
            after_star = p;
            star_end = s;
        } else if (p.at < p.end && match_one(&p, *s, nocase)) {
            s++;
        } else if (star_end != NULL) {
            p = after_star;
            s = ++star_end;
        } else {
            return false;
        }
    }
    skip_stars(&p);
    return p.at == p.end;
}
