/* Keys that have expired make this subtle. A key is missing from the moment that
 * its time is over, but the server removes it later, and reports that then:
 *
 *   WATCH ... time is over ... removed     it has changed: EXEC fails
 *   WATCH ... time is over ... EXEC        it has, although nobody noticed
 *   time is over ... WATCH ... removed     it was missing all the time
 *
 * So a watch remembers whether the key existed when it began. As any change
 * marks the client, that holds until the client is marked. */
#include "command/watch.h"

#include <string.h>

#include "command/families.h"
#include "command/queue.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

/* A client that watches a key, in the queue of all that watch a key of this name,
 * in any database. */
struct watch {
    struct place place;
    struct db *db;
    struct client *client;
    bool existed; /* when it began */
    struct watch *next; /* of the same client */
};

static size_t watches_at; /* in every client: a pointer to its first watch */
static struct dict names; /* of struct queue */

static struct watch **watches_of(const struct client *c)
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

/* Ends a watch. A name that nobody watches needs no queue. */
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
        if (w->existed && !db_has(w->db, w->place.queue->name))
            return true;
    }
    return false;
}

/* How a change reaches a watch. */
enum reach {
    REACHES_ALL, /* the key itself has changed */
    REACHES_PRESENT, /* the whole database has: if the key existed, or does now */
    REACHES_DIFFERENT /* if it existed and does not now, or the other way */
};

static bool is_reached(const struct watch *w, enum reach reach)
{
    bool exists = reach != REACHES_ALL && db_has(w->db, w->place.queue->name);
    return reach == REACHES_ALL       ? true
           : reach == REACHES_PRESENT ? w->existed || exists
                                      : w->existed != exists;
}

/* Marks the clients that watch a name in a database. */
static void mark(struct dict_node *node, const struct db *db, enum reach reach)
{
    const struct queue *q = (struct queue *)node;
    for (struct place *p = q ? q->first : NULL; p; p = p->next) {
        const struct watch *w = p->owner;
        if (w->db == db && is_reached(w, reach))
            w->client->flags |= CLIENT_DIRTY_CAS;
    }
}

static void mark_present(void *db, struct dict_node *node)
{
    mark(node, db, REACHES_PRESENT);
}

/* Called with each change of a key, or of all keys of a database. What happens to
 * the groups of a stream is none for those who watch it. */
static void note_change(struct db *db, struct slice key, const char *event)
{
    bool is_of_group = !event || strncmp(event, "xgroup", 6) == 0 ||
                       strcmp(event, "xsetid") == 0;
    if (dict_count(&names) == 0)
        return;
    if (!key.ptr)
        dict_each(&names, mark_present, db);
    else
        mark(dict_find(&names, key), db,
             is_of_group ? REACHES_DIFFERENT : REACHES_ALL);
}

/* Called with each key that the server itself has removed. For a client that
 * began to watch it when its time was over nothing has changed. */
static void note_removal(struct db *db, struct slice key, enum removal why)
{
    (void)why;
    mark(dict_find(&names, key), db, REACHES_DIFFERENT);
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
    keyspace_on_removed(note_removal);
}

const struct command watch_commands[] = {
    {.name = "watch", .arity = -2, .handler = watch_command},
    {.name = "unwatch", .arity = 1, .handler = unwatch_command},
    {.name = NULL},
};
