static struct {
    char *host; /* of the primary; NULL: this server follows nobody */
    int64_t port;
} link_up;

static void link_follow(struct slice host, int64_t port)
{
    char *name = host.ptr ? slice_dup(host) : NULL;
    zfree(link_up.host);
    link_up.host = name;
    link_up.port = port;
}

void replication_follow(struct slice host, int64_t port)
{
    link_follow(host, port);
}

/* A timer. */
static int64_t cron(void *owner)
{
    (void)owner;
    return CRON_MS;
}
