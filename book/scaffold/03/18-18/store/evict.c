/* Chooses the best key of a sample of each database. Returns NULL if none may be
 * evicted. */
static struct entry *choose_best(struct db **db)
{
    struct dict_node *nodes[SAMPLES_MAX];
    struct entry *best = NULL;
    size_t wanted = (size_t)store_settings.evict_samples;
    if (wanted > SAMPLES_MAX)
        wanted = SAMPLES_MAX;
    for (int i = 0; i < db_count() * SAMPLE_ROUNDS; i++) {
        struct db *sampled = db_at(i % db_count());
        if (!has_candidates(sampled))
            continue;
        size_t count = dict_sample(&sampled->keys, nodes, wanted);
        for (size_t n = 0; n < count; n++) {
            struct entry *e = (struct entry *)nodes[n];
            if (!may_evict(e) || (best && score_of(e) <= score_of(best)))
                continue;
            best = e;
            *db = sampled;
        }
    }
    return best;
}
