bool rdb_read_string(struct rdb_reader *r, enum rdb_place place,
                     struct slice *s)
{
    uint64_t value;
    bool is_special;
    if (!read_head(r, &value, &is_special))
        return false;
    if (!is_special)
        return rdb_read_bytes(r, value, s);
    struct buffer *text = &r->texts[place];
    text->len = 0;
    if (value >= RDB_LZF)
        return rdb_fail(r, "Unknown RDB string encoding type");
    if (!read_integer(r, (int)value, text))
        return false;
    *s = buffer_slice(text);
    return true;
}
