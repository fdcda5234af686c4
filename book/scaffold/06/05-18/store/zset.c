enum zset_outcome zset_add(struct entry *e, struct slice member, double *score,
                           unsigned rules)
{
    uint8_t *pack = entry_pointer(e);
    size_t at = listpack_find(pack, member, 2);
    bool is_new = at == listpack_end(pack);
    double old = is_new ? 0 : packed_score(pack, at);
    enum zset_outcome outcome = judge(rules, is_new ? NULL : &old, score);
    if (outcome == ZSET_ADDED || outcome == ZSET_UPDATED) {
        if (!is_new)
            pack = listpack_delete(pack, at, 2);
        entry_set_pointer(e, insert_packed(pack, member, *score));
    }
    return outcome;
}
