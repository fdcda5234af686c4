const struct rdb_format rdb_formats[] = {
    {0, TYPE_STRING, ENCODING_RAW, .load = load_string},
    {11, TYPE_SET, .encoding = ENCODING_INTSET},
    {16, TYPE_HASH, .encoding = ENCODING_LISTPACK},
    {17, TYPE_ZSET, .encoding = ENCODING_LISTPACK},
    {.byte = RDB_TYPES},
};

/* Reads a value by its row. */
static struct entry *load_by(const struct rdb_format *row, struct rdb_reader *r,
                             struct slice key)
{
    if (row->load)
        return row->load(r, key);
    void *pack = rdb_read_pack(r, row->type);
    if (!pack)
        return NULL;
    struct entry *e = entry_create(key, row->type, row->encoding);
    entry_set_pointer(e, pack);
    return e;
}
