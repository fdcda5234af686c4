/* Returns whether what has happened to a key may end a wait. */
static bool may_end_waits(const char *event)
{
    return waiters > 0 && event;
}
