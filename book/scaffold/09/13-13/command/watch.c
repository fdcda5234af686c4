/* Called with each change of a key. */
static void note_change(struct db *db, struct slice key, const char *event)
{
    if (dict_count(&names) > 0 && key.ptr)
        mark(db, key, is_change(event));
}
