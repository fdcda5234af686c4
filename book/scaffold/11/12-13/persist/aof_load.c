bool aof_load(void)
{
    const char *path = "appendonlydir/appendonly.aof.1.incr.aof";
    struct slice bytes;
    keys_stay = true;
    bool done = !file_map(path, &bytes) || load_commands(path, bytes, 0, true);
    keys_stay = false;
    return done;
}
