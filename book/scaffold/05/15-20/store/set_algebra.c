void set_algebra_end(struct set_algebra *a)
{
    set_iterate_end(&a->walk);
    if (a->united)
        entry_free(a->united);
}
