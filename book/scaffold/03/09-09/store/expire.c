/* Scans one database until all of it was seen. Returns false if the time was
 * over before that. */
static bool sweep(struct db *db, int64_t end_us)
{
    int steps = 0;
    do {
        struct batch batch;
        batch.expired_count = 0;
        batch.seen = 0;
        db->expire_cursor =
            dict_scan(&db->keys, db->expire_cursor, collect, &batch);
        for (int i = 0; i < batch.expired_count; i++)
            db_remove(db, batch.expired[i], REMOVAL_BY_CYCLE);
        if (++steps % STEPS == 0 && monotonic_us() >= end_us)
            return false;
    } while (db->expire_cursor != 0 && db->volatile_count > 0);
    return true;
}

int64_t expire_cycle(void)
{
    int64_t end_us = monotonic_us() + SLICE_US;
    if (!removal_is_allowed(REMOVAL_BY_CYCLE))
        return CALM_MS;
    for (int i = 0; i < db_count(); i++) {
        if (!sweep(db_at(i), end_us))
            break;
    }
    return CALM_MS;
}
