/* Returns the bucket of a key. The hash is SipHash. A client that wants to
 * compute it would have to know the secret, which is drawn at random. */
static struct node **bucket_of(struct slice key)
{
    static uint8_t secret[SIPHASH_KEY_BYTES];
    static bool is_drawn;
    if (!is_drawn) {
        random_bytes(secret, sizeof secret);
        is_drawn = true;
    }
    return &table[siphash(key.ptr, key.len, secret) & (size - 1)];
}
