size_t zset_length(const struct entry *e)
{
    return e ? listpack_count(entry_pointer(e)) / 2 : 0;
}

bool zset_score(const struct entry *e, struct slice member, double *score)
{
    if (!e)
        return false;
    const uint8_t *pack = entry_pointer(e);
    size_t at = listpack_find(pack, member, 2);
    bool found = at != listpack_end(pack);
    if (found)
        *score = packed_score(pack, at);
    return found;
}

void zset_free(struct entry *e)
{
    zfree(entry_pointer(e));
}
