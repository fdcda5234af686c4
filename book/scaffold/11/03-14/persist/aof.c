bool aof_start(void)
{
    if (settings.is_on && !start_log())
        return false;
    aof_log_start();
    return true;
}
