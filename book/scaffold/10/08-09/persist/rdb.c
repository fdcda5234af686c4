bool rdb_load(struct rdb_reader *r, struct rdb_load *load)
{
    struct slice header;
    uint64_t opcode;
    *load = (struct rdb_load){.db = db_at(0), .expiry_ms = NO_EXPIRY};
    if (!rdb_read_bytes(r, HEADER_BYTES, &header))
        return false;
    while (rdb_read_number(r, 1, LOW_FIRST, &opcode)) {
        if (opcode == OP_END)
            return true;
        if (!load_part(r, load, opcode))
            return false;
    }
    return false;
}
