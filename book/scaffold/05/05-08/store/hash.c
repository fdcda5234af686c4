void hash_iterate(struct hash_iterator *it, const struct entry *e)
{
    it->entry = e;
    it->at = listpack_first(entry_pointer(e));
}

bool hash_next(struct hash_iterator *it, struct slice *field,
               struct slice *value)
{
    const uint8_t *pack = entry_pointer(it->entry);
    if (it->at == listpack_end(pack))
        return false;
    *field = listpack_get(pack, it->at, it->scratch[0]);
    it->at = listpack_next(pack, it->at);
    *value = listpack_get(pack, it->at, it->scratch[1]);
    it->at = listpack_next(pack, it->at);
    return true;
}
