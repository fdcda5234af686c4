struct entry *set_create(struct slice key)
{
    struct entry *e = entry_create(key, TYPE_SET, ENCODING_HASHTABLE);
    entry_set_pointer(e, fields_create());
    return e;
}

size_t set_size(const struct entry *e)
{
    return e ? dict_count(entry_pointer(e)) : 0;
}

bool set_has(const struct entry *e, struct slice member)
{
    return e && fields_find(entry_pointer(e), member);
}

bool set_add(struct entry *e, struct slice member)
{
    return fields_set(entry_pointer(e), member, SLICE(""));
}

bool set_remove(struct entry *e, struct slice member)
{
    return fields_remove(entry_pointer(e), member);
}

void set_iterate(struct set_iterator *it, const struct entry *e)
{
    it->nodes = (struct dict_iterator){.dict = NULL};
    if (e)
        dict_iterate(&it->nodes, entry_pointer(e));
}

bool set_next(struct set_iterator *it, struct slice *member)
{
    const struct field *f = (struct field *)dict_next(&it->nodes);
    if (f)
        *member = field_name(f);
    return f;
}

void set_free(struct entry *e)
{
    fields_free(entry_pointer(e));
}
