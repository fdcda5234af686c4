enum evict_status evict_to_fit(void)
{
    return memory_is_over_limit() ? EVICT_STUCK : EVICT_FITS;
}
