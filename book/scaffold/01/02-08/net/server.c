/* Ends the loop: a call that waits returns when a signal comes. */
static void stop(int signal_number)
{
    (void)signal_number;
    event_loop_stop();
}

/* SIGTERM and SIGINT end the loop. SIGPIPE is ignored, because it would end the
 * process when a client closes early; write() returns an error then, too. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}
