void list_remove(struct list *l, size_t index, size_t count)
{
    struct list_node *node = count > 0 ? list_seek(l, index).node : NULL;
    for (; count > 0; count--) {
        struct list_node *next = node->next;
        list_drop_node(l, node);
        node = next;
    }
}
