/* When keys expire, in Unix time in ms: one table for all databases. */
static struct dict times = {.type = &keys_type};

/* Returns the entry of a key, or NULL. Every lookup passes here. */
static struct entry *find(struct db *db, struct slice key)
{
    struct entry *time = entry_of(dict_find(&times, key));
    if (time && clock_ticked_ms() > entry_integer(time)) {
        entry_free(entry_of(dict_remove(&times, key)));
        db_delete(db, key);
    }
    return entry_of(dict_find(&db->keys, key));
}

struct entry *db_set_string_until(struct db *db, struct slice key,
                                  struct slice value, int64_t when_ms)
{
    struct dict_node *old = dict_remove(&times, key);
    if (old)
        entry_free(entry_of(old));
    if (when_ms != NO_EXPIRY) {
        struct entry *time = string_create_integer(key, when_ms);
        dict_insert(&times, &time->node, dict_hash(key));
    }
    return db_set_string(db, key, value);
}
