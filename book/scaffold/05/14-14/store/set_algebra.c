void set_algebra_begin(struct set_algebra *a, enum set_operation operation,
                       struct entry **sets, size_t count)
{
    *a = (struct set_algebra){operation, sets, count, .at = 0};
    if (operation == SET_INTERSECTION)
        smallest_first(sets, count);
    set_iterate(&a->walk, sets[0]);
}

/* Returns whether all other sets have a member of the first. */
static bool belongs(struct set_algebra *a, struct slice member)
{
    for (size_t i = 1; i < a->count; i++) {
        if (!set_has(a->sets[i], member))
            return false;
    }
    return true;
}

bool set_algebra_next(struct set_algebra *a, struct slice *member)
{
    while (set_next(&a->walk, member)) {
        if (belongs(a, *member))
            return true;
    }
    return false;
}

void set_algebra_end(struct set_algebra *a)
{
    set_iterate_end(&a->walk);
}
