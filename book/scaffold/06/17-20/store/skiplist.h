/* Finds a bound. Writes the path to it. */
void skiplist_find(struct skip_node *head, const struct bound *b,
                   struct skip_path *path);
