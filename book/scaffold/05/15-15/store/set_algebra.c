void set_algebra_begin(struct set_algebra *a, enum set_operation operation,
                       struct entry **sets, size_t count)
{
    *a = (struct set_algebra){operation, sets, count, .at = 0};
    if (operation == SET_INTERSECTION)
        smallest_first(sets, count);
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
    for (size_t i = 1; i < a->count; i++) {
        if (!set_has(a->sets[i], member))
            return false;
    }
    return true;
}
