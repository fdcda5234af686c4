void link_cron(int64_t timeout_s)
{
    if (link_up.state > LINK_CONNECT &&
        monotonic_ms() - link_up.active_ms > timeout_s * 1000)
        give_up("timeout: no data from the primary");
    if (link_up.state == LINK_CONNECT)
        start_connecting();
}
