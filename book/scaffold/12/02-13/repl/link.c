void link_follow(struct slice host, int64_t port)
{
    char *name = host.ptr ? slice_dup(host) : NULL;
    zfree(link_up.host);
    link_up.host = name;
    link_up.port = port;
    log_settings.role = name ? 'S' : 'M';
    disconnect();
}
