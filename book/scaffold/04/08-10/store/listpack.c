struct slice listpack_get(const uint8_t *pack, size_t at,
                          char scratch[INT64_TEXT_MAX])
{
    (void)scratch;
    return read_element(pack + at).text;
}

uint8_t *listpack_insert(uint8_t *pack, size_t at, struct slice value)
{
    uint8_t head[HEAD_MAX], back[BACK_MAX];
    size_t head_len = write_text_head(head, value.len);
    size_t back_len = write_back(back, head_len + value.len);
    size_t bytes = listpack_bytes(pack);
    size_t count = listpack_count(pack);
    size_t added = head_len + value.len + back_len;
    pack = zrealloc(pack, bytes + added);
    memmove(pack + at + added, pack + at, bytes - at);
    memcpy(pack + at, head, head_len);
    memcpy(pack + at + head_len, value.ptr, value.len);
    memcpy(pack + at + head_len + value.len, back, back_len);
    finish(pack, bytes + added, count + 1);
    return pack;
}
