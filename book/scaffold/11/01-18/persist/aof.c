void aof_close(void)
{
}
