size_t hash_length(const struct entry *e)
{
    return listpack_count(entry_pointer(e)) / 2;
}

bool hash_find(const struct entry *e, struct slice field,
               char scratch[INT64_TEXT_MAX], struct slice *value)
{
    const uint8_t *pack = entry_pointer(e);
    size_t at = listpack_find(pack, field, 2);
    bool found = at != listpack_end(pack);
    if (found)
        *value = listpack_get(pack, listpack_next(pack, at), scratch);
    return found;
}

bool hash_set(struct entry *e, struct slice field, struct slice value)
{
    return set_packed(e, field, value);
}

void hash_free(struct entry *e)
{
    zfree(entry_pointer(e));
}
