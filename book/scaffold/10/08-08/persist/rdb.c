static void add_entry(struct rdb_reader *r, struct rdb_load *load,
                      struct entry *e)
{
    (void)r;
    db_add(load->db, e);
    load->keys++;
}

/* Reads what follows an opcode. If it is the type of a value, that is a key. */
static bool load_part(struct rdb_reader *r, struct rdb_load *load,
                      uint64_t opcode)
{
    struct slice skipped;
    uint64_t number, expires;
    if (rdb_extension && rdb_extension->load(r, opcode, load))
        return true;
    switch (opcode) {
    case OP_AUX:
        return rdb_read_string(r, RDB_NAME, &skipped) &&
               rdb_read_string(r, RDB_VALUE, &skipped);
    case OP_DATABASE:
        return load_database(r, load);
    case OP_RESIZE:
        return rdb_read_length(r, &number) && rdb_read_length(r, &expires);
    default:
        return load_entry(r, load, opcode);
    }
}
