void aof_log_start(void)
{
    propagate_to(append_effect);
    event_each_turn(flush);
}
