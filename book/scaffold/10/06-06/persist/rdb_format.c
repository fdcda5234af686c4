const struct rdb_format rdb_formats[] = {
    {0, TYPE_STRING, ENCODING_RAW, .load = load_string},
    {18, TYPE_LIST, ENCODING_QUICKLIST, NULL, list_create, .add = load_node},
    {11, TYPE_SET, .encoding = ENCODING_INTSET},
    {2, TYPE_SET, ENCODING_HASHTABLE, NULL, set_create, .add = load_member},
    {16, TYPE_HASH, .encoding = ENCODING_LISTPACK},
    {4, TYPE_HASH, ENCODING_HASHTABLE, NULL, hash_create, .add = load_field},
    {17, TYPE_ZSET, .encoding = ENCODING_LISTPACK},
    {5, TYPE_ZSET, ENCODING_SKIPLIST, NULL, zset_create, .add = load_score},
    {.byte = RDB_TYPES},
};
