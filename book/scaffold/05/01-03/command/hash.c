/* hash: a hash is a list of fields and values, in turn. */
#include "command/command.h"
#include "command/families.h"
#include "command/lookup.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/list.h"

/* Returns the index of a field, or the length of the list. */
static size_t find_field(const struct list *l, struct slice field)
{
    size_t index = 0;
    for (; index < l->length; index += 2) {
        char scratch[INT64_TEXT_MAX];
        if (slice_equal(list_value(list_seek(l, index), scratch), field))
            break;
    }
    return index;
}

/* HSET key field value [field value ...] */
static void hset_command(struct client *c)
{
    struct slice key = c->argv[1];
    struct entry *e;
    int64_t added = 0;
    if (c->argc % 2 != 0) {
        reply_errorf(c, "ERR wrong number of arguments for '%s' command",
                     c->command->name);
        return;
    }
    if (!write_typed_or_reply(c, key, TYPE_LIST, &e))
        return;
    if (!e) {
        e = list_create(key);
        db_add(c->db, e);
    }
    struct list *l = entry_list(e);
    for (int i = 2; i < c->argc; i += 2) {
        size_t index = find_field(l, c->argv[i]);
        bool is_new = index == l->length;
        if (!is_new)
            list_remove(l, index, 2);
        list_push(l, LIST_TAIL, c->argv[i]);
        list_push(l, LIST_TAIL, c->argv[i + 1]);
        added += is_new;
    }
    key_changed(c->db, key, "hset");
    reply_integer(c, added);
}

/* HGET key field */
static void hget_command(struct client *c)
{
    struct entry *e;
    char scratch[INT64_TEXT_MAX];
    if (!read_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    size_t index = e ? find_field(entry_list(e), c->argv[2]) : 0;
    if (e && index < entry_list(e)->length)
        reply_bulk(c, list_value(list_seek(entry_list(e), index + 1), scratch));
    else
        reply_null(c);
}

const struct command hash_commands[] = {
    {.name = "hset",
     .arity = -4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = hset_command},
    {.name = "hget", .arity = 3, .handler = hget_command},
    {.name = NULL},
};
