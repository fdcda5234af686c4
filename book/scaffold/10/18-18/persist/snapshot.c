/* Begins a save if one is scheduled. */
static void check_points(void)
{
    if (snapshot.is_scheduled)
        snapshot_begin();
}
