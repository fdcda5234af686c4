/* waiting, inside: a dict for each database, of the keys for which clients wait.
 *
 *   awaited "jobs"   first -> [ wait ] <-> [ wait ] <- last
 *                                |            |
 *   waiter (ann)     waits:   [ wait | wait ] |         one allocation
 *                                       |     |
 *   awaited "mail"   first ----------> [ ]    |
 *   waiter (bob)     waits:              [ wait ]
 *
 * A change only notes that its key is ready. The keys that are ready form a
 * queue, which is served after the command; what a service changes (BLMOVE adds
 * to another list) comes to its end. So chains are resolved key by key, and no
 * handler is interrupted by a reply to somebody else. */
#include "command/waiting.h"

#include <string.h>

#include "command/call.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/connection.h"
#include "net/reply.h"
#include "net/timers.h"
#include "store/keyspace.h"

/* A key for which clients wait. */
struct awaited {
    struct dict_node node; /* first: a node is its key */
    struct db *db;
    struct wait *first, *last;
    size_t readers; /* clients in the queue that wait for a stream */
    bool is_ready; /* is in the queue of those to be served */
    bool is_held; /* is being served: it must not be freed */
    struct awaited *next_ready;
    struct slice name; /* its bytes are behind the struct */
};

/* What is kept for each client. */
struct waiting {
    struct waiter *waiter; /* NULL: it does not wait */
    struct client *next; /* of those that go on */
    bool goes_on; /* it is one of them */
};

static size_t waiting_at; /* in every client */
static struct dict *keys; /* for each database; NULL until a client waits */
static size_t waiters; /* clients that wait */
static size_t readers; /* those of them that wait for streams */
static struct awaited *ready, **ready_end = &ready;
static struct client *going_on, **going_on_end = &going_on;
static bool is_scheduled; /* a timer runs go_on */

static struct waiting *waiting_of(const struct client *c)
{
    return (struct waiting *)((char *)c + waiting_at);
}

struct waiter *waiter_of(const struct client *c)
{
    return waiting_of(c)->waiter;
}

/* Executes what clients have sent while they waited, in the order in which their
 * waits have ended. It is a timer, as no client's commands may run within a
 * command of another. Keys that became ready without a command, because they
 * have expired, are served here. */
static int64_t go_on(void *owner)
{
    (void)owner;
    waiting_serve();
    while (going_on) {
        struct client *c = going_on;
        struct waiting *waiting = waiting_of(c);
        waiting->goes_on = false;
        going_on = waiting->next;
        if (!going_on)
            going_on_end = &going_on;
        connection_resume(c, 0);
    }
    is_scheduled = false;
    return TIMER_ENDS;
}

/* Starts the timer, unless it is started already: it runs in this turn. */
static void schedule(void)
{
    if (!is_scheduled)
        timer_start(0, go_on, NULL);
    is_scheduled = true;
}

/* What the dict calls for the key of a node. */
static struct slice awaited_name(const struct dict_node *node)
{
    return ((const struct awaited *)node)->name;
}

static const struct dict_type keys_type = {.key = awaited_name};

/* Returns the key of that name, which is created if nobody waits for it yet. */
static struct awaited *awaited_open(struct db *db, struct slice name)
{
    if (!keys) {
        keys = zcalloc((size_t)db_count(), sizeof *keys);
        for (int i = 0; i < db_count(); i++)
            dict_init(&keys[i], &keys_type);
    }
    uint64_t hash = dict_hash(name);
    struct dict_node **link = dict_find_link(&keys[db->id], name, hash);
    if (link)
        return (struct awaited *)*link;
    struct awaited *key = zmalloc(sizeof *key + name.len);
    char *bytes = (char *)(key + 1);
    memcpy(bytes, name.ptr, name.len);
    *key = (struct awaited){.db = db, .name = {bytes, name.len}};
    dict_insert(&keys[db->id], &key->node, hash);
    return key;
}

/* Frees a key for which nobody waits any more, unless it is still used. */
static void awaited_release(struct awaited *key)
{
    if (key->first || key->is_ready || key->is_held)
        return;
    dict_remove(&keys[key->db->id], key->name);
    zfree(key);
}

/* Puts a wait at the end of the queue of its key. */
static void join_queue(struct wait *w)
{
    struct awaited *key = w->key;
    w->previous = key->last;
    w->next = NULL;
    if (key->last)
        key->last->next = w;
    else
        key->first = w;
    key->last = w;
    key->readers += w->waiter->type == TYPE_STREAM;
}

/* Takes a wait out of the queue of its key. */
static void leave_queue(struct wait *w)
{
    struct awaited *key = w->key;
    if (w->previous)
        w->previous->next = w->next;
    else
        key->first = w->next;
    if (w->next)
        w->next->previous = w->previous;
    else
        key->last = w->previous;
    key->readers -= w->waiter->type == TYPE_STREAM;
    awaited_release(key);
}

/* Ends all waits of a client, and frees its waiter. */
static void leave_queues(struct waiter *waiter)
{
    if (waiter->timer)
        timer_cancel(waiter->timer);
    for (int i = 0; i < waiter->count; i++)
        leave_queue(&waiter->waits[i]);
    waiters--;
    readers -= waiter->type == TYPE_STREAM;
    waiting_of(waiter->client)->waiter = NULL;
    waiter->client->flags &= ~(unsigned)CLIENT_BLOCKED;
    zfree(waiter);
}

void wait_end(struct client *c)
{
    struct waiting *waiting = waiting_of(c);
    leave_queues(waiter_of(c));
    connection_queue_flush(c);
    if (waiting->goes_on)
        return;
    waiting->goes_on = true;
    waiting->next = NULL;
    *going_on_end = c;
    going_on_end = &waiting->next;
    schedule();
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

/* Creates a waiter with space for its waits, and copies the client's arguments
 * behind them: the input in which they are is used again. */
static struct waiter *waiter_create(const struct client *c, int waits)
{
    size_t bytes = sizeof(struct waiter) + (size_t)waits * sizeof(struct wait) +
                   (size_t)c->argc * sizeof(struct slice);
    for (int i = 0; i < c->argc; i++)
        bytes += c->argv[i].len;
    struct waiter *waiter = zmalloc(bytes);
    *waiter = (struct waiter){.argc = c->argc};
    waiter->argv = (struct slice *)(waiter->waits + waits);
    char *copy = (char *)(waiter->argv + c->argc);
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
    struct waiter *waiter = waiter_create(c, args->count);
    waiter->client = c;
    waiter->type = args->type;
    waiter->serve = args->serve;
    if (args->timeout_ms > 0)
        waiter->timer = timer_start(args->timeout_ms, time_is_over, c);
    for (int i = 0; i < args->count; i++) {
        struct awaited *key =
            awaited_open(c->db, waiter->argv[args->first + i]);
        if (key->last && key->last->waiter == waiter)
            continue; /* the key was given twice */
        struct wait *w = &waiter->waits[waiter->count++];
        w->key = key;
        w->waiter = waiter;
        join_queue(w);
    }
    waiters++;
    readers += args->type == TYPE_STREAM;
    waiting_of(c)->waiter = waiter;
    c->flags |= CLIENT_BLOCKED;
}

/* Puts a key at the end of the queue of those that are ready. */
static void make_ready(void *context, struct dict_node *node)
{
    (void)context;
    struct awaited *key = (struct awaited *)node;
    if (key->is_ready)
        return;
    key->is_ready = true;
    key->next_ready = NULL;
    *ready_end = key;
    ready_end = &key->next_ready;
    schedule();
}

/* Notes that something has happened to a key, or to all keys of a database, if
 * that may end a wait. What happens to a stream does so if an entry is added or
 * a group destroyed. SET is the most frequent change of all; nobody waits for a
 * string, but those who read a stream are told that it was overwritten. */
static void note_change(struct db *db, struct slice key, const char *event)
{
    if (waiters == 0 || !event ||
        (*event == 'x' && strcmp(event, "xadd") != 0 &&
         strcmp(event, "xgroup-destroy") != 0) ||
        (readers == 0 && strcmp(event, "set") == 0))
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

/* Serves the clients that wait for a key, the first first. If there is nothing
 * left only those who wait for a stream want to hear of it. */
static void serve_key(struct awaited *key)
{
    struct wait *w = key->first;
    key->is_held = true;
    while (w) {
        struct wait *next = w->next;
        struct waiter *waiter = w->waiter;
        struct client *c = waiter->client;
        struct entry *e = lookup_write(key->db, key->name);
        if (!e && key->readers == 0)
            break;
        if (e && e->type != waiter->type)
            e = NULL;
        c->argc = waiter->argc;
        c->argv = waiter->argv;
        unit_begin();
        if (waiter->serve(c, key->name, e))
            wait_end(c);
        unit_end();
        c->argc = 0;
        w = next;
    }
    key->is_held = false;
    awaited_release(key);
}

void waiting_serve(void)
{
    while (ready) {
        struct awaited *key = ready;
        ready = key->next_ready;
        if (!ready)
            ready_end = &ready;
        key->is_ready = false;
        serve_key(key);
    }
}

/* Called before a client is freed. */
static void forget(struct client *c)
{
    struct waiting *waiting = waiting_of(c);
    if (waiter_of(c))
        leave_queues(waiter_of(c));
    if (!waiting->goes_on)
        return;
    struct client **link = &going_on;
    while (*link != c)
        link = &waiting_of(*link)->next;
    *link = waiting->next;
    if (!*link)
        going_on_end = link;
}

/* What is over 2^63 milliseconds is called negative, as in Redis. */
bool timeout_or_reply(struct client *c, struct slice arg, int64_t *timeout_ms)
{
    const long double end_ms = 9223372036854775808.0L;
    long double seconds;
    if (!parse_long_double(arg, &seconds)) {
        reply_error(c, "ERR timeout is not a float or out of range");
        return false;
    }
    long double ms = seconds * 1000;
    if (ms <= -1 || ms >= end_ms) {
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
