bool aof_load(void)
{
    const char *path = "appendonlydir/appendonly.aof.1.incr.aof";
    struct slice bytes;
    is_replay = true;
    bool done = !file_map(path, &bytes) || load_commands(path, bytes, 0, true);
    is_replay = false;
    return done;
}
