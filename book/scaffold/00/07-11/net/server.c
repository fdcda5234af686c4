static void catch_signals(void)
{
    signal(SIGPIPE, SIG_IGN);
}
