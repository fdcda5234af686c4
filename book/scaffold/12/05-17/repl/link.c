/* Replaces the data by that of the snapshot. Returns false if that fails; then
 * there is no data. */
static bool load_file(void)
{
    snapshot_abort();
    link_up.has_history = false;
    delete_all_keys();
    if (fsync(link_up.file) != 0 ||
        rename(link_up.file_name, snapshot_path()) != 0 || !sync_directory("."))
        return false;
    if (snapshot_read())
        return true;
    delete_all_keys();
    return false;
}

/* Takes what there is of the snapshot. When it is complete, loads it and goes on
 * with the stream. Returns false: all bytes are taken. */
static bool take_file(void)
{
    size_t len = link_up.in.len;
    if ((int64_t)len > link_up.file_left)
        len = (size_t)link_up.file_left;
    if (write(link_up.file, link_up.in.data, len) != (ssize_t)len)
        return give_up("the snapshot cannot be written");
    buffer_consume(&link_up.in, len);
    link_up.file_left -= (int64_t)len;
    if (link_up.file_left > 0)
        return false;
    if (!load_file())
        return give_up("the snapshot cannot be loaded");
    close(link_up.file);
    link_up.file = -1;
    history_begin();
    memcpy(backlog.id, link_up.id, HISTORY_ID_LEN);
    backlog.offset = link_up.offset;
    log_write(LOG_NOTICE, "MASTER <-> REPLICA sync: Finished with success");
    begin_stream();
    return false;
}
