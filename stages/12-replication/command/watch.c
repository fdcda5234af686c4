/* Whether a key exists is half of the question. If it did when the client began
 * to watch it, and does not now, or the other way round, it has changed,
 * whether it was deleted, has fallen due or was evicted, noticed or not. What
 * existed and still does has changed if a change was reported:
 *
 *   WATCH ... time is over ... EXEC                 it has changed
 *   time is over ... WATCH ... removed ... EXEC     it was missing all along
 *   time is over ... WATCH ... SET ... EXEC         it has changed */
#include "command/watch.h"

#include <string.h>

#include "command/families.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

static size_t watches_at; /* in every client: a pointer to its first watch */
static struct dict names; /* of struct queue */

struct watch **watches_of(const struct client *c)
{
    return (struct watch **)((char *)c + watches_at);
}

/* Lets a client watch a key of its database. It may do so already. */
static void watch_key(struct client *c, struct slice name)
{
    struct queue *q = queue_open(&names, name, sizeof *q);
    for (const struct place *p = q->first; p; p = p->next) {
        const struct watch *w = p->owner;
        if (w->client == c && w->db == c->db)
            return;
    }
    struct watch *w = zmalloc(sizeof *w);
    *w = (struct watch){.db = c->db,
                        .client = c,
                        .existed = db_has(c->db, name),
                        .next = *watches_of(c)};
    queue_join(q, &w->place, w);
    *watches_of(c) = w;
}

/* Ends a watch. A name that no client watches needs no queue. */
static void end_watch(struct watch *w)
{
    struct queue *q = w->place.queue;
    queue_leave(&w->place);
    if (q->length == 0)
        queue_close(&names, q);
    zfree(w);
}

void unwatch_all(struct client *c)
{
    struct watch **first = watches_of(c);
    while (*first) {
        struct watch *w = *first;
        *first = w->next;
        end_watch(w);
    }
    c->flags &= ~(unsigned)CLIENT_DIRTY_CAS;
}

bool watched_key_changed(struct client *c)
{
    if (c->flags & CLIENT_DIRTY_CAS)
        return true;
    for (const struct watch *w = *watches_of(c); w; w = w->next) {
        if (w->existed != db_has(w->db, w->place.queue->name))
            return true;
    }
    return false;
}

/* Returns whether an event changes the key itself. What happens to a group of a
 * stream is beside the stream, and to miss a key changes nothing. */
static bool is_change(const char *event)
{
    return event && strncmp(event, "xgroup", 6) != 0 &&
           strcmp(event, "xsetid") != 0 && strcmp(event, "keymiss") != 0;
}

/* Called with each change, and with each event that is none: marks the clients
 * that watch the key. */
static void note_change(struct db *db, struct slice key, const char *event)
{
    if (dict_count(&names) == 0 || !key.ptr || !is_change(event))
        return;
    const struct queue *q = (struct queue *)dict_find(&names, key);
    for (struct place *p = q ? q->first : NULL; p; p = p->next) {
        const struct watch *w = p->owner;
        if (w->db == db)
            w->client->flags |= CLIENT_DIRTY_CAS;
    }
}

/* WATCH key [key ...] */
static void watch_command(struct client *c)
{
    if (c->flags & CLIENT_MULTI) {
        reply_error(c, "ERR WATCH inside MULTI is not allowed");
        return;
    }
    for (int i = 1; i < c->argc; i++)
        watch_key(c, c->argv[i]);
    reply_ok(c);
}

/* UNWATCH */
static void unwatch_command(struct client *c)
{
    unwatch_all(c);
    reply_ok(c);
}

void watch_open(void)
{
    watches_at = client_reserve(sizeof(struct watch *));
    keyspace_observe(note_change);
    keyspace_on_event(note_change);
}

const struct command watch_commands[] = {
    {.name = "watch", .arity = -2, .handler = watch_command},
    {.name = "unwatch", .arity = 1, .handler = unwatch_command},
    {.name = NULL},
};
