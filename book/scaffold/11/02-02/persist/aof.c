bool aof_start(void)
{
    return !settings.is_on || aof_load();
}
