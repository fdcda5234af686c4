void primary_open(void)
{
    replica_at = client_reserve(sizeof(struct replica));
}
