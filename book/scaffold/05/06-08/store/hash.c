bool hash_delete(struct entry *e, struct slice field)
{
    uint8_t *pack = entry_pointer(e);
    size_t at = listpack_find(pack, field, 2);
    bool found = at != listpack_end(pack);
    if (found)
        entry_set_pointer(e, listpack_delete(pack, at, 2));
    return found;
}
