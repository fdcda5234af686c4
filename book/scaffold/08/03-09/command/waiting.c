void waiting_open(void)
{
    waiting_at = client_reserve(sizeof(struct waiting));
    client_on_free(forget);
}
