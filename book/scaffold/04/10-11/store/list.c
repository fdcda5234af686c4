/* Returns whether a value of that length goes into the node, too. */
bool list_node_has_room(const struct list_node *node, size_t len)
{
    return listpack_bytes(node->pack) + len + OVERHEAD <= SAFE_BYTES;
}
