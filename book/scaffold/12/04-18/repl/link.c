/* The reply to PSYNC. Returns whether a snapshot follows. */
static bool take_psync_reply(struct slice rest)
{
    struct slice word, id, offset;
    slice_split(&rest, ' ', &word);
    bool has_id = slice_split(&rest, ' ', &id) && id.len == HISTORY_ID_LEN;
    if (slice_equal(word, SLICE("+FULLRESYNC")) && has_id &&
        slice_split(&rest, ' ', &offset) &&
        parse_int64(offset, &link_up.offset) && link_up.offset >= 0 &&
        link_up.offset <= INT64_MAX / 2) {
        memcpy(link_up.id, id.ptr, id.len);
        link_up.state = LINK_TRANSFER;
        return true;
    }
    return give_up("the primary cannot serve us now");
}
