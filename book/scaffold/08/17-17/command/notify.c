/* Called with each change. */
static void notify(struct db *db, struct slice key, const char *event)
{
    if (chosen == 0 || !key.ptr || !event)
        return;
    if (chosen & KEYSPACE)
        publish_about(db, "keyspace", key, slice_of(event));
    if (chosen & KEYEVENT)
        publish_about(db, "keyevent", slice_of(event), key);
}
