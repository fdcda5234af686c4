/* A timer. */
static int64_t cron(void *owner)
{
    (void)owner;
    link_cron(60);
    return CRON_MS;
}
