size_t zset_rank(const struct entry *e, const struct bound *b)
{
    size_t position;
    return e ? find_packed(entry_pointer(e), b, &position) : 0;
}
