/* Adds those keys of a sample of the database to the pool that may be
 * evicted. */
static void sample(struct db *db)
{
    struct dict_node *nodes[SAMPLES_MAX];
    size_t wanted = (size_t)store_settings.evict_samples;
    if (wanted > SAMPLES_MAX)
        wanted = SAMPLES_MAX;
    bool found = false;
    for (int round = 0; round < SAMPLE_ROUNDS && !found; round++) {
        size_t count = dict_sample(&db->keys, nodes, wanted);
        for (size_t i = 0; i < count; i++) {
            const struct entry *e = (struct entry *)nodes[i];
            if (!may_evict(e))
                continue;
            add_candidate(db, e);
            found = true;
        }
    }
}
