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
    if (!rdb_read_string(r, RDB_KEY, &key))
        return false;
    if (opcode == OP_AUX)
        return rdb_read_string(r, RDB_VALUE, &value);
    struct entry *e = rdb_load_value(r, opcode, key);
    if (e)
        db_add(*db, e);
    return e != NULL;
}

bool snapshot_start(void)
{
    struct rdb_reader r;
    struct stat status;
    int fd = open("dump.rdb", O_RDONLY);
    if (fd < 0 || fstat(fd, &status) != 0)
        return true;
    void *bytes =
        mmap(NULL, (size_t)status.st_size + 1, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    rdb_formats_add(rdb_formats);
    rdb_reader_open(&r, (struct slice){bytes, (size_t)status.st_size});
    bool done = load(&r);
    if (!done)
        log_write(LOG_WARNING,
                  "Internal error in RDB reading offset %lld -> %s",
                  (long long)(r.at - r.start), r.reason);
    rdb_reader_close(&r);
    munmap(bytes, (size_t)status.st_size + 1);
    return done;
}
