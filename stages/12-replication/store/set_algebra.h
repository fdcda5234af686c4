/* set_algebra: the members of an intersection, a union or a difference, one
 * after the other.
 *
 *   intersection   goes over the smallest set, and passes on what all others
 *                  have: n members in k sets cost n * k lookups
 *   union          goes over all sets, and passes on what none before has
 *   difference     goes over the first set, and passes on what no other has
 *
 * No result is built. The union remembers what it has passed on. The difference
 * begins with the union of the other sets if that costs less than to look each
 * member up in each of them. Knows no client: what is to be done with a member
 * is the caller's. */
#ifndef STORE_SET_ALGEBRA_H
#define STORE_SET_ALGEBRA_H

#include <stdbool.h>
#include <stddef.h>

#include "common/slice.h"
#include "store/set.h"

enum set_operation { SET_INTERSECTION, SET_UNION, SET_DIFFERENCE };

struct set_algebra {
    enum set_operation operation;
    struct entry **sets; /* NULL for a missing key; the caller's */
    size_t count;
    size_t at; /* the set that is gone over */
    struct set_iterator walk; /* of it */
    struct entry *united; /* members passed on, or of the other sets; or NULL */
};

/* Begins with that many sets, one at least, which must not change before the
 * end. It may change their order in the array. */
void set_algebra_begin(struct set_algebra *a, enum set_operation operation,
                       struct entry **sets, size_t count);

/* Finds the next member, valid until the next call. Returns false if there is
 * no more. */
bool set_algebra_next(struct set_algebra *a, struct slice *member);

/* Must be called in the end, whether all members were asked for or not. */
void set_algebra_end(struct set_algebra *a);

#endif
