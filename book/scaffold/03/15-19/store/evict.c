/* Chooses a random key that may be evicted, from each database in turn. Returns
 * NULL if a sample of none has one. */
static struct entry *choose_random(struct db **db)
{
    static int turn;
    struct dict_node *nodes[SAMPLES_MAX];
    for (int i = 0; i < db_count(); i++) {
        turn = (turn + 1) % db_count();
        *db = db_at(turn);
        if (!has_candidates(*db))
            continue;
        size_t count = dict_sample(&(*db)->keys, nodes, SAMPLES_MAX);
        size_t first = count > 0 ? (size_t)random_below(count) : 0;
        for (size_t n = 0; n < count; n++) {
            struct entry *e = (struct entry *)nodes[(first + n) % count];
            if (may_evict(e))
                return e;
        }
    }
    return NULL;
}
