/* A key and its value, both copied from the client's input. */
struct node {
    struct node *next; /* in the same bucket */
    struct slice key, value;
};

static struct node **table;
static size_t size, used; /* buckets, a power of two; nodes */

/* Puts a node at the front of its bucket's chain. */
static void insert(struct node *node)
{
    struct node **bucket = bucket_of(node->key);
    node->next = *bucket;
    *bucket = node;
}

/* Makes a table of twice as many buckets and moves all nodes into it. */
static void grow(void)
{
    struct node **old = table;
    size_t old_size = size;
    size = size > 0 ? size * 2 : 4;
    table = zcalloc(size, sizeof *table);
    for (size_t i = 0; i < old_size; i++) {
        for (struct node *node = old[i], *next; node; node = next) {
            next = node->next;
            insert(node);
        }
    }
    zfree(old);
}

/* Returns the node of a key, or NULL. */
static struct node *find(struct slice key)
{
    struct node *node = used > 0 ? *bucket_of(key) : NULL;
    while (node && !slice_equal(node->key, key))
        node = node->next;
    return node;
}

/* Adds a key that the table does not have, so far without a value. */
static struct node *add(struct slice key)
{
    if (used == size)
        grow();
    used++;
    struct node *node = zcalloc(1, sizeof *node);
    node->key = (struct slice){slice_dup(key), key.len};
    insert(node);
    return node;
}
