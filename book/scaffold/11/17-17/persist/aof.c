static int64_t watch(void *owner)
{
    (void)owner;
    int status;
    if (aof.child && waitpid(aof.child, &status, WNOHANG) == aof.child)
        end_child(status);
    else if (!aof.child && !snapshot.child && aof.is_scheduled)
        begin_rewrite();
    return WATCH_MS;
}
