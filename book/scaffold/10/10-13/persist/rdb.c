/* Compares the last eight bytes with the checksum of all others. The reader
 * then ends before them. */
static bool check_sum(struct rdb_reader *r)
{
    if (r->end - r->at < CHECKSUM_BYTES)
        return rdb_fail(r, "Unexpected EOF reading RDB file");
    r->end -= CHECKSUM_BYTES;
    struct rdb_reader sum = {.at = r->end, .end = r->end + CHECKSUM_BYTES};
    uint64_t expected = 0;
    rdb_read_number(&sum, CHECKSUM_BYTES, LOW_FIRST, &expected);
    if (expected == 0 ||
        expected == crc64(0, r->start, (size_t)(r->end - r->start)))
        return true;
    r->at = r->end;
    return rdb_fail(r, "RDB CRC error, the file is cut short or damaged");
}
