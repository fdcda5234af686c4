void pubsub_open(void)
{
    pubsub_type_add(&pubsub_channels);
    pubsub_type_add(&pubsub_patterns);
}
