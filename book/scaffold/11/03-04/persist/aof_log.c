static void flush(void)
{
    struct buffer *pending = &aof_log.pending;
    if (write(aof_log.fd, pending->data, pending->len) < 0) {
        /* What then? */
    }
    pending->len = 0;
}
