/* A key and its value, both copied from the client's input. */
struct node {
    struct dict_node link; /* first: a dict_node is its node */
    struct slice key, value;
};

static struct slice key_of(const struct dict_node *link)
{
    return ((const struct node *)link)->key;
}

static const struct dict_type type = {.key = key_of};
static struct dict dict;

/* Returns the node of a key, or NULL. */
static struct node *find(struct slice key)
{
    return (struct node *)dict_find(&dict, key);
}

/* Adds a key that the dict does not have, so far without a value. */
static struct node *add(struct slice key)
{
    if (!dict.type)
        dict_init(&dict, &type);
    struct node *node = zcalloc(1, sizeof *node);
    node->key = (struct slice){slice_dup(key), key.len};
    dict_insert(&dict, &node->link, dict_hash(key));
    return node;
}
