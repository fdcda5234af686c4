/* Reads what follows an opcode. */
static bool load_part(struct rdb_reader *r, struct db **db, uint64_t opcode)
{
    struct slice key, value;
    uint64_t number, expires;
    if (opcode == OP_RESIZE)
        return rdb_read_length(r, &number) && rdb_read_length(r, &expires);
    if (opcode == OP_DATABASE) {
        if (!rdb_read_length(r, &number))
            return false;
        *db = db_at((int)number);
        return true;
    }
    if (!rdb_read_string(r, RDB_KEY, &key) ||
        !rdb_read_string(r, RDB_VALUE, &value))
        return false;
    if (opcode != OP_AUX)
        db_set_string(*db, key, value);
    return true;
}
