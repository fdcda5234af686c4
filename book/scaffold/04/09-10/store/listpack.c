/* Reads the element at a place in memory. */
static struct element read_element(const uint8_t *p)
{
    size_t len;
    if (p[0] < 0xC0) {
        len = p[0] & 0x3F;
        return (struct element){1 + len, {(const char *)p + 1, len}, 0};
    }
    if (p[0] < TEXT_32) {
        len = (p[0] & 0x0FU) << 8 | p[1];
        return (struct element){2 + len, {(const char *)p + 2, len}, 0};
    }
    len = read_le(p + 1, 4);
    return (struct element){5 + len, {(const char *)p + 5, len}, 0};
}
