/* Asks for each client that waits whether one of its keys has something. */
void waiting_serve(void)
{
    for (struct place *p = everyone.first, *next; p; p = next) {
        struct waiter *waiter = p->owner;
        struct client *c = waiter->client;
        bool is_served = false;
        next = p->next;
        c->argc = waiter->argc;
        c->argv = waiter->argv;
        for (int i = 0; i < waiter->args.count && !is_served; i++) {
            struct slice key = c->argv[waiter->args.first + i];
            struct entry *e = lookup_write(c->db, key);
            if (e && e->type == waiter->args.type)
                is_served = waiter->args.serve(c, key, e);
        }
        if (is_served)
            wait_end(c);
        c->argc = 0;
    }
}
