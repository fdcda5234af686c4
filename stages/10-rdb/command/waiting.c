/* waiting, inside: for each database a dict of keys for which clients wait.
 *
 *   awaited "jobs"   first -> [ place ] <-> [ place ] <- last
 *                                |              |
 *   waiter (ann)     places:  [ place | place ] |        one allocation
 *                                         |     |
 *   awaited "mail"   first -----------> [ place ]
 *   waiter (bob)     places:                [ place ]
 *
 * A change only notes that its key is ready. The keys that are ready form a
 * queue, which is served after the command; what a service changes (BLMOVE adds
 * to another list) comes to its end. So chains are resolved key by key, and no
 * handler is interrupted by a reply to another client. */
#include "command/waiting.h"

#include <string.h>

#include "command/call.h"
#include "common/hooks.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/connection.h"
#include "net/reply.h"
#include "net/timers.h"
#include "store/keyspace.h"

/* What is kept for each client. */
struct waiting {
    struct waiter *waiter; /* NULL: it does not wait */
    struct place going_on; /* in the queue of clients that do not any more */
};

static size_t waiting_at; /* in every client */

static struct waiting *waiting_of(const struct client *c)
{
    return (struct waiting *)((char *)c + waiting_at);
}

struct waiter *waiter_of(const struct client *c)
{
    return waiting_of(c)->waiter;
}

/* A key for which clients wait. */
struct awaited {
    struct queue queue; /* first: of waiters */
    struct db *db;
    size_t readers; /* waiters for a stream */
    struct place ready; /* in the queue of changed keys */
    bool is_held; /* is being served: it must not be freed */
};

static struct dict *keys; /* for each database; NULL until a client waits */
static size_t waiters; /* clients that wait */
static size_t readers; /* those of them that wait for streams */
static struct queue ready; /* of struct awaited: keys that were changed */
static struct queue going_on; /* of clients whose wait is over */
static bool is_scheduled; /* a timer runs go_on */
static struct hooks ended; /* of client_fn */

/* A timer: serves the keys that were changed by no command, as they have
 * expired. Then executes what clients have sent while they waited, in the order
 * in which their waits have ended. Not before, because no client's commands may
 * run within a command of another. */
static int64_t go_on(void *owner)
{
    (void)owner;
    is_scheduled = false;
    waiting_serve();
    while (going_on.first) {
        struct client *c = going_on.first->owner;
        queue_leave(&waiting_of(c)->going_on);
        hooks_call(&ended, client_fn, c);
        connection_resume(c, 0);
    }
    return TIMER_ENDS;
}

/* Joins one of the two queues that go_on empties, later in this turn. */
static void schedule(struct queue *q, struct place *p, void *owner)
{
    if (p->queue)
        return;
    queue_join(q, p, owner);
    if (!is_scheduled)
        timer_start(0, go_on, NULL);
    is_scheduled = true;
}

/* Frees a key for which no client waits any more, unless it is still used. */
static void awaited_release(struct awaited *key)
{
    if (key->queue.length == 0 && !key->ready.queue && !key->is_held)
        queue_close(&keys[key->db->id], &key->queue);
}

/* Takes a client out of all its queues, and frees its waiter. */
static void leave_queues(struct waiter *waiter)
{
    bool is_reader = waiter->args.type == TYPE_STREAM;
    if (waiter->timer)
        timer_cancel(waiter->timer);
    for (int i = 0; i < waiter->count; i++) {
        struct awaited *key = (struct awaited *)waiter->places[i].queue;
        queue_leave(&waiter->places[i]);
        key->readers -= is_reader;
        awaited_release(key);
    }
    waiters--;
    readers -= is_reader;
    waiting_of(waiter->client)->waiter = NULL;
    waiter->client->flags &= ~(unsigned)CLIENT_BLOCKED;
    zfree(waiter);
}

void wait_end(struct client *c)
{
    leave_queues(waiter_of(c));
    connection_queue_flush(c);
    schedule(&going_on, &waiting_of(c)->going_on, c);
}

/* A timer: the client has waited in vain. */
static int64_t time_is_over(void *owner)
{
    struct client *c = owner;
    waiter_of(c)->timer = NULL; /* it ends by itself */
    reply_null_array(c);
    wait_end(c);
    return TIMER_ENDS;
}

/* Creates a waiter with its places, and copies the client's arguments behind
 * them: the input in which they are is used again. */
static struct waiter *waiter_create(struct client *c,
                                    const struct wait_args *args)
{
    size_t places = (size_t)args->count, argc = (size_t)c->argc;
    size_t bytes = sizeof(struct waiter) + places * sizeof(struct place) +
                   argc * sizeof(struct slice);
    for (int i = 0; i < c->argc; i++)
        bytes += c->argv[i].len;
    struct waiter *waiter = zmalloc(bytes);
    *waiter = (struct waiter){.client = c, .args = *args, .argc = c->argc};
    waiter->argv = (struct slice *)(waiter->places + places);
    char *copy = (char *)(waiter->argv + argc);
    for (int i = 0; i < c->argc; i++) {
        memcpy(copy, c->argv[i].ptr, c->argv[i].len);
        waiter->argv[i] = (struct slice){copy, c->argv[i].len};
        copy += c->argv[i].len;
    }
    return waiter;
}

void wait_for_keys(struct client *c, const struct wait_args *args)
{
    if (c->flags & CLIENT_DENY_BLOCKING) {
        reply_null_array(c); /* as if its time were over already */
        return;
    }
    struct waiter *waiter = waiter_create(c, args);
    bool is_reader = args->type == TYPE_STREAM;
    if (args->timeout_ms > 0)
        waiter->timer = timer_start(args->timeout_ms, time_is_over, c);
    if (!keys)
        keys = zcalloc((size_t)db_count(), sizeof *keys);
    for (int i = 0; i < args->count; i++) {
        struct queue *q =
            queue_open(&keys[c->db->id], waiter->argv[args->first + i],
                       sizeof(struct awaited));
        struct awaited *key = (struct awaited *)q;
        if (q->last && q->last->owner == waiter)
            continue; /* the key was given twice */
        key->db = c->db;
        key->readers += is_reader;
        queue_join(q, &waiter->places[waiter->count++], waiter);
    }
    waiters++;
    readers += is_reader;
    waiting_of(c)->waiter = waiter;
    c->flags |= CLIENT_BLOCKED;
}

/* Serves the clients that wait for a key, the first first. When nothing is left
 * only clients that wait for a stream are told. */
static void serve_key(struct awaited *key)
{
    struct slice name = key->queue.name;
    key->is_held = true;
    for (struct place *p = key->queue.first, *next; p; p = next) {
        struct waiter *waiter = p->owner;
        struct client *c = waiter->client;
        struct entry *e = lookup_write(key->db, name);
        next = p->next;
        if (!e && key->readers == 0)
            break;
        if (e && e->type != waiter->args.type)
            e = NULL;
        c->argc = waiter->argc;
        c->argv = waiter->argv;
        unit_begin();
        if (waiter->args.serve(c, name, e))
            wait_end(c);
        unit_end();
        c->argc = 0;
    }
    key->is_held = false;
    awaited_release(key);
}

void waiting_serve(void)
{
    while (ready.first) {
        struct awaited *key = ready.first->owner;
        queue_leave(&key->ready);
        serve_key(key);
    }
}

/* Puts a key at the end of the queue of those that are ready. */
static void make_ready(void *context, struct dict_node *node)
{
    (void)context;
    struct awaited *key = (struct awaited *)node;
    schedule(&ready, &key->ready, key);
}

/* Returns whether what has happened to a key may end a wait. Of what happens to
 * streams that are a new entry and the end of a group. SET is the most frequent
 * change of all: no client waits for a string, but one that reads a stream is
 * told that it was overwritten. */
static bool may_end_waits(const char *event)
{
    if (waiters == 0 || !event)
        return false;
    if (*event == 'x')
        return strcmp(event, "xadd") == 0 ||
               strcmp(event, "xgroup-destroy") == 0;
    return readers > 0 || strcmp(event, "set") != 0;
}

/* Notes a change of a key, or of all keys of a database. */
static void note_change(struct db *db, struct slice key, const char *event)
{
    if (!may_end_waits(event))
        return;
    struct dict_node *node = key.ptr ? dict_find(&keys[db->id], key) : NULL;
    if (node)
        make_ready(NULL, node);
    else if (!key.ptr)
        dict_each(&keys[db->id], make_ready, NULL);
}

/* The same for a key that the server itself has removed. */
static void note_removal(struct db *db, struct slice key, enum removal why)
{
    (void)why;
    note_change(db, key, "del");
}

/* Called before a client is freed. */
static void forget(struct client *c)
{
    if (waiter_of(c))
        leave_queues(waiter_of(c));
    if (waiting_of(c)->going_on.queue)
        queue_leave(&waiting_of(c)->going_on);
}

void waiting_on_end(client_fn *fn)
{
    hooks_add(&ended, (hook_fn *)fn);
}

/* More milliseconds than 64 bits hold are called negative, as in Redis. */
bool timeout_or_reply(struct client *c, struct slice arg, int64_t *timeout_ms)
{
    const long double end_ms = 9223372036854775808.0L;
    long double seconds;
    if (!parse_long_double(arg, &seconds)) {
        reply_error(c, "ERR timeout is not a float or out of range");
        return false;
    }
    long double ms = seconds * 1000;
    if (ms <= -1 || ms > end_ms - 1 || ms >= end_ms) {
        reply_error(c, "ERR timeout is negative");
        return false;
    }
    *timeout_ms = (int64_t)ms;
    *timeout_ms += (long double)*timeout_ms < ms;
    return true;
}

void waiting_open(void)
{
    waiting_at = client_reserve(sizeof(struct waiting));
    client_on_free(forget);
    keyspace_observe(note_change);
    keyspace_on_removed(note_removal);
}
