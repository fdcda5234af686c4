/* Goes over `count` members from a rank on, in ascending or descending order.
 * So many there must be. The sorted set must not change until zset_next has
 * returned false; the caller may stop before. A member is valid until the next
 * call. */
struct zset_iterator {
    const struct entry *entry;
    size_t left; /* how many are still to come */
    bool is_reverse;
    size_t at; /* the position of the next */
    char scratch[INT64_TEXT_MAX];
};
