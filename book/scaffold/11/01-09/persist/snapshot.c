bool snapshot_start(void)
{
    snapshot.saved_s = clock_ms() / 1000;
    timer_start(WATCH_MS, watch, NULL);
    return true;
}
