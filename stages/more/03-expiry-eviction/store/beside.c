#include "more/03-expiry-eviction/store/beside.h"

struct entry *copy_expiry(struct entry *copy, const struct entry *from)
{
    return entry_set_expiry(copy, entry_expiry(from));
}

void digest_expiry(const struct entry *e, struct digest *d)
{
    if (entry_expiry(e) != NO_EXPIRY)
        digest_add(d, SLICE("!!expire!!"));
}
