enum evict_status evict_to_fit(void)
{
    if (!removal_is_allowed(REMOVAL_BY_EVICTION))
        return EVICT_FITS;
    while (memory_is_over_limit()) {
        struct db *db;
        struct entry *e = choose_random(&db);
        if (!e)
            return EVICT_STUCK;
        db_remove(db, e, REMOVAL_BY_EVICTION);
    }
    return EVICT_FITS;
}
