bool aof_start(void)
{
    return true;
}
