bool zset_remove(struct entry *e, struct slice member)
{
    uint8_t *pack = entry_pointer(e);
    size_t at = listpack_find(pack, member, 2);
    bool found = at != listpack_end(pack);
    if (found)
        entry_set_pointer(e, listpack_delete(pack, at, 2));
    return found;
}
