/* Frees what is over the size. */
void backlog_trim(void)
{
    if (backlog.size < STREAM_BLOCK_BYTES)
        backlog.size = STREAM_BLOCK_BYTES;
    while (backlog.first != backlog.last && backlog.first->readers == 0 &&
           backlog.offset - backlog.first->next->start >= backlog.size)
        drop_first();
}
