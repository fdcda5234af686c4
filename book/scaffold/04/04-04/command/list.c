void list_changed(struct client *c, struct slice key, struct list *l,
                  const char *event)
{
    (void)l;
    key_changed(c->db, key, event);
}
