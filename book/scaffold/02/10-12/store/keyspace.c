/* Hashes the key once, for the search and for inserting. If the key exists, a
 * new entry takes the old one's place in the chain. */
struct entry *db_set_string(struct db *db, struct slice key, struct slice value)
{
    uint64_t hash = dict_hash(key);
    struct dict_node **link = dict_find_link(&db->keys, key, hash);
    struct entry *old = link ? entry_of(*link) : NULL;
    struct entry *e = string_create(key, value);
    if (old) {
        e->node.next = old->node.next;
        *link = &e->node;
        entry_free(old);
    } else {
        dict_insert(&db->keys, &e->node, hash);
    }
    return e;
}
