/* Executes ZADD. A sorted set is not created for nothing: XX would
 * add nothing to it. */
static void execute_addition(struct client *c, unsigned rules)
{
    struct addition a = {.rules = rules, .first = 2};
    struct slice key = c->argv[1];
    struct entry *e;
    if (c->argc % 2 != 0) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    double *scores = scores_or_reply(c, a.first);
    if (!scores)
        return;
    if (write_typed_or_reply(c, key, TYPE_ZSET, &e)) {
        if (!e && !(a.rules & ZSET_UPDATE_ONLY)) {
            e = zset_create(key);
            db_add(c->db, e);
        }
        add_pairs(c, &a, e, scores);
    }
    zfree(scores);
}
