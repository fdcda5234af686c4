/* Reads the element at a place in memory. */
static struct element read_element(const uint8_t *p)
{
    size_t len = p[0] & 0x3F;
    return (struct element){1 + len, {(const char *)p + 1, len}, 0};
}

/* Writes the head of a text of that length, and returns how long it is. */
static size_t write_text_head(uint8_t *out, size_t len)
{
    out[0] = (uint8_t)(0x80 | len);
    return 1;
}

/* Writes the length backwards, and returns how many bytes it has taken. */
static size_t write_back(uint8_t *out, size_t size)
{
    out[0] = (uint8_t)size;
    return 1;
}

size_t listpack_count(const uint8_t *pack)
{
    return read_le(pack + 4, 2);
}

size_t listpack_next(const uint8_t *pack, size_t at)
{
    return at + read_element(pack + at).size + 1;
}
