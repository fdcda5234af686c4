#include "store/field.h"

#include <string.h>

#include "common/zmalloc.h"

struct slice field_name(const struct field *f)
{
    return (struct slice){f->bytes, f->name_len};
}

struct slice field_value(const struct field *f)
{
    return (struct slice){f->bytes + f->name_len, f->value_len};
}

/* What the dict calls for the name of a node. */
static struct slice node_name(const struct dict_node *node)
{
    return field_name((const struct field *)node);
}

/* What dict_free calls for each node: a field owns nothing else. */
static void node_free(struct dict_node *node)
{
    zfree(node);
}

static const struct dict_type fields_type = {.key = node_name,
                                             .free = node_free};

struct dict *fields_create(void)
{
    struct dict *d = zmalloc(sizeof *d);
    dict_init(d, &fields_type);
    return d;
}

void fields_free(struct dict *d)
{
    dict_free(d);
    zfree(d);
}

struct field *fields_find(struct dict *d, struct slice name)
{
    return (struct field *)dict_find(d, name);
}

/* Overwrites the value of a field, or writes that of a new one. */
static void write_value(struct field *f, struct slice value)
{
    f->value_len = (uint32_t)value.len;
    memcpy(f->bytes + f->name_len, value.ptr, value.len);
}

/* Creates a field that no dict has yet. */
static struct field *create(struct slice name, struct slice value)
{
    struct field *f = zmalloc(sizeof *f + name.len + value.len);
    f->name_len = (uint32_t)name.len;
    memcpy(f->bytes, name.ptr, name.len);
    write_value(f, value);
    return f;
}

/* A new value is written into the field that is there, if it takes exactly as
 * much of the allocator. Otherwise a new field takes its place in the chain. */
bool fields_set(struct dict *d, struct slice name, struct slice value)
{
    uint64_t hash = dict_hash(name);
    struct dict_node **link = dict_find_link(d, name, hash);
    if (!link) {
        dict_insert(d, &create(name, value)->node, hash);
        return true;
    }
    struct field *old = (struct field *)*link;
    size_t now = sizeof *old + name.len + old->value_len;
    size_t then = sizeof *old + name.len + value.len;
    if (zmalloc_good_size(now) == zmalloc_good_size(then)) {
        write_value(old, value);
    } else {
        struct field *f = create(name, value);
        f->node.next = old->node.next;
        *link = &f->node;
        zfree(old);
    }
    return false;
}

bool fields_remove(struct dict *d, struct slice name)
{
    struct dict_node *node = dict_remove(d, name);
    zfree(node);
    return node;
}
