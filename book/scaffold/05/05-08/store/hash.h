/* Goes over all fields, in the order in which they were added. The hash must
 * not change until hash_next has returned false. Field and value are valid
 * until the next call. */
struct hash_iterator {
    const struct entry *entry;
    size_t at; /* the position of the next field */
    char scratch[2][INT64_TEXT_MAX];
};
