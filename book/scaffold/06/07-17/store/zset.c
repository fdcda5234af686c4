void zset_iterate(struct zset_iterator *it, const struct entry *e, size_t rank,
                  size_t count, bool is_reverse)
{
    it->entry = e;
    it->left = count;
    it->is_reverse = is_reverse;
    if (count > 0)
        it->at = listpack_seek(entry_pointer(e), rank * 2);
}

/* Makes no step after the last element: before the first there is nothing. */
bool zset_next(struct zset_iterator *it, struct slice *member, double *score)
{
    if (it->left == 0)
        return false;
    it->left--;
    const uint8_t *pack = entry_pointer(it->entry);
    *member = listpack_get(pack, it->at, it->scratch);
    *score = packed_score(pack, it->at);
    if (it->left > 0)
        it->at = step(pack, it->at, it->is_reverse);
    return true;
}
