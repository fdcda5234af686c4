/* stream: a stream is a list. An entry in it is an ID, the number of what
 * follows, then names and values in turn. */
#include "command/command.h"
#include "command/families.h"
#include "command/lookup.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/list.h"

/* XADD key id field value [field value ...] */
static void xadd_command(struct client *c)
{
    struct slice key = c->argv[1];
    char text[INT64_TEXT_MAX];
    struct slice words = {text, format_int64(text, c->argc - 3)};
    struct entry *e;
    if (!write_typed_or_reply(c, key, TYPE_LIST, &e))
        return;
    if (!e) {
        e = list_create(key);
        db_add(c->db, e);
    }
    list_push(entry_list(e), LIST_TAIL, c->argv[2]);
    list_push(entry_list(e), LIST_TAIL, words);
    for (int i = 3; i < c->argc; i++)
        list_push(entry_list(e), LIST_TAIL, c->argv[i]);
    key_changed(c->db, key, "xadd");
    reply_bulk(c, c->argv[2]);
}

/* XLEN key */
static void xlen_command(struct client *c)
{
    struct entry *e;
    int64_t entries = 0, words = 0;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    for (size_t at = 0; e && at < entry_list(e)->length; entries++) {
        char scratch[INT64_TEXT_MAX];
        struct list_place place = list_seek(entry_list(e), at + 1);
        parse_int64(list_value(place, scratch), &words);
        at += 2 + (size_t)words;
    }
    reply_integer(c, entries);
}

const struct command stream_commands[] = {
    {.name = "xadd",
     .arity = -5,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = xadd_command},
    {.name = "xlen", .arity = 2, .handler = xlen_command},
    {.name = NULL},
};
