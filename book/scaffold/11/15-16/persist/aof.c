bool aof_start(void)
{
    if (!manifest_read(&aof.manifest) || (settings.is_on && !start_log()))
        return false;
    dispatch_check(CHECK_LOGGED, check_logged);
    aof_log_start();
    return true;
}
