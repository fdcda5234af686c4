struct skip_node *skip_node_create(struct slice member, double score)
{
    struct skip_node *node = allocate(1, member.len);
    node->score = score;
    if (member.len > 0)
        memcpy(&node->levels[node->height], member.ptr, member.len);
    return node;
}
