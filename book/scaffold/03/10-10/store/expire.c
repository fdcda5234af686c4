/* Ends an estimate when enough keys were seen: reports it and begins the next.
 * Returns whether it says that few keys are expired. */
static bool few_are_expired(struct estimate *estimate)
{
    if (estimate->seen < ENOUGH_SEEN)
        return false;
    struct expire_report report = {estimate->seen, estimate->expired, false};
    hooks_call(&reports, expire_report_fn, &report);
    bool many = estimate->expired * 100 > estimate->seen * STALE_PERCENT;
    *estimate = (struct estimate){.many_are_expired = many};
    return !many;
}
