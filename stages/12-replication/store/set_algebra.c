#include "store/set_algebra.h"

#include "store/lazyfree.h"

/* Puts the smallest set into the first place. Of the others no order is
 * needed. */
static void smallest_first(struct entry **sets, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (set_size(sets[i]) >= set_size(sets[0]))
            continue;
        struct entry *smaller = sets[i];
        sets[i] = sets[0];
        sets[0] = smaller;
    }
}

/* Unites all sets but the first, unless that takes longer than what it saves:
 * there would be one lookup for each member of the first set, not one in each
 * of the others. */
static void unite_others(struct set_algebra *a)
{
    size_t others = 0;
    for (size_t i = 1; i < a->count; i++)
        others += set_size(a->sets[i]);
    if (others + set_size(a->sets[0]) >= set_size(a->sets[0]) * (a->count - 1))
        return;
    a->united = set_create(SLICE(""));
    for (size_t i = 1; i < a->count; i++) {
        struct set_iterator it;
        struct slice member;
        set_iterate(&it, a->sets[i]);
        while (set_next(&it, &member))
            set_add(a->united, member);
    }
}

void set_algebra_begin(struct set_algebra *a, enum set_operation operation,
                       struct entry **sets, size_t count)
{
    *a = (struct set_algebra){operation, sets, count, .at = 0};
    if (operation == SET_INTERSECTION)
        smallest_first(sets, count);
    if (operation == SET_DIFFERENCE)
        unite_others(a);
    if (operation == SET_UNION)
        a->united = set_create(SLICE(""));
    set_iterate(&a->walk, sets[0]);
}

/* Returns whether a member of the set that is gone over belongs to the
 * result. */
static bool belongs(struct set_algebra *a, struct slice member)
{
    if (a->operation == SET_UNION)
        return set_add(a->united, member);
    if (a->united)
        return !set_has(a->united, member);
    bool wanted = a->operation == SET_INTERSECTION;
    for (size_t i = 1; i < a->count; i++) {
        if (set_has(a->sets[i], member) != wanted)
            return false;
    }
    return true;
}

bool set_algebra_next(struct set_algebra *a, struct slice *member)
{
    do {
        while (set_next(&a->walk, member)) {
            if (belongs(a, *member))
                return true;
        }
        if (a->operation != SET_UNION || ++a->at == a->count)
            return false;
        set_iterate(&a->walk, a->sets[a->at]);
    } while (true);
}

void set_algebra_end(struct set_algebra *a)
{
    set_iterate_end(&a->walk);
    if (a->united)
        lazyfree_entry(a->united);
}
