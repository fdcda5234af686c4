/* bound: a place between the elements of a sorted set.
 *
 *   elements       1 a     5 b     5 c     7 d
 *
 *   min 5               ^                       the equal ones are after it
 *   max 5                               ^       the equal ones are before it
 *   min (5                              ^
 *   max (5              ^
 *   5 c                         ^               where an element is or would be
 *   -              ^                            before all
 *   +                                       ^   after all
 *
 * Every range of scores or members is two bounds, and a bound has a rank: how
 * many elements are before it. So a range is two numbers, and its length is
 * known before the first element is read. Knows no structure that elements are
 * kept in. */
#ifndef STORE_BOUND_H
#define STORE_BOUND_H

#include <stdbool.h>

#include "common/slice.h"

struct bound {
    bool by_score; /* compares scores; those that are equal by the next */
    bool by_member; /* compares members; if by neither, all are equal */
    bool after_equal; /* the elements that are equal are before the bound */
    double score;
    struct slice member; /* must live as long as the bound is used */
};

/* Returns the bound before the element of that score and member: in the order
 * of sorted sets, by scores first, and by the bytes of members among equal
 * scores. */
struct bound bound_of(double score, struct slice member);

/* Returns whether an element is before the bound. */
bool bound_is_after(const struct bound *b, double score, struct slice member);

#endif
