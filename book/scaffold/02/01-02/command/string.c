/* Returns the bucket of a key. The hash is FNV-1a. */
static struct node **bucket_of(struct slice key)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.ptr[i]) * 16777619U;
    return &table[hash & (size - 1)];
}
