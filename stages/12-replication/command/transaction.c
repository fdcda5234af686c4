#include "command/transaction.h"

#include <string.h>

#include "command/args.h"
#include "command/call.h"
#include "command/command.h"
#include "command/families.h"
#include "command/watch.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"

static size_t transaction_at; /* in every client */

struct transaction *transaction_of(const struct client *c)
{
    return (struct transaction *)((char *)c + transaction_at);
}

/* Returns whether the client's command is executed although others are queued:
 * it ends the transaction, or is not allowed in one. */
static bool is_immediate(const struct client *c)
{
    static const char *const immediate[] = {"exec",  "discard", "quit",
                                            "reset", "multi",   "watch"};
    for (size_t i = 0; i < sizeof immediate / sizeof *immediate; i++) {
        if (strcmp(c->command->name, immediate[i]) == 0)
            return true;
    }
    return false;
}

/* Adds the client's command to its queue. */
static void add_to_queue(struct client *c)
{
    struct transaction *t = transaction_of(c);
    if (t->count == t->capacity) {
        t->capacity = t->capacity ? t->capacity * 2 : 4;
        t->queue = zrealloc(t->queue, (size_t)t->capacity * sizeof *t->queue);
    }
    t->queue[t->count++] =
        (struct queued){c->command, c->argc, arguments_copy(c->argc, c->argv)};
    t->flags |= c->command->flags;
    /* They count as input, since they wait to be executed. */
    for (int i = 0; i < c->argc; i++)
        c->queued_bytes += c->argv[i].len;
}

bool transaction_queue(struct client *c)
{
    if (!(c->flags & CLIENT_MULTI) || is_immediate(c))
        return false;
    /* If EXEC will fail nothing needs to be kept for it. */
    if (!(c->flags & (CLIENT_DIRTY_EXEC | CLIENT_DIRTY_CAS)))
        add_to_queue(c);
    reply_simple(c, "QUEUED");
    return true;
}

/* MULTI */
static void multi_command(struct client *c)
{
    if (c->flags & CLIENT_MULTI) {
        reply_error(c, "ERR MULTI calls can not be nested");
        return;
    }
    c->flags |= CLIENT_MULTI;
    reply_ok(c);
}

void transaction_discard(struct client *c)
{
    struct transaction *t = transaction_of(c);
    for (int i = 0; i < t->count; i++)
        zfree(t->queue[i].argv);
    zfree(t->queue);
    *t = (struct transaction){0};
    c->queued_bytes = 0;
    c->flags &= ~(unsigned)(CLIENT_MULTI | CLIENT_DIRTY_EXEC);
    unwatch_all(c);
}

/* DISCARD */
static void discard_command(struct client *c)
{
    if (!(c->flags & CLIENT_MULTI)) {
        reply_error(c, "ERR DISCARD without MULTI");
        return;
    }
    transaction_discard(c);
    reply_ok(c);
}

/* Executes the queue, in order. Each command replies with one element. */
static void execute_queue(struct client *c)
{
    const struct transaction *t = transaction_of(c);
    struct queued exec = {c->command, c->argc, c->argv};
    reply_array(c, (size_t)t->count);
    c->flags |= CLIENT_DENY_BLOCKING;
    for (int i = 0; i < t->count; i++) {
        c->command = t->queue[i].command;
        c->argc = t->queue[i].argc;
        c->argv = t->queue[i].argv;
        call(c);
    }
    c->flags &= ~(unsigned)CLIENT_DENY_BLOCKING;
    c->command = exec.command;
    c->argc = exec.argc;
    c->argv = exec.argv;
}

/* Returns whether the client's command is EXEC. */
static bool is_exec(const struct client *c)
{
    return c->command && strcmp(c->command->name, "exec") == 0;
}

const char *transaction_error_prefix(const struct client *c)
{
    return is_exec(c) ? "EXECABORT Transaction discarded because of: " : NULL;
}

unsigned transaction_flags(const struct client *c)
{
    return is_exec(c) ? transaction_of(c)->flags : c->command->flags;
}

/* EXEC */
static void exec_command(struct client *c)
{
    if (!(c->flags & CLIENT_MULTI)) {
        reply_error(c, "ERR EXEC without MULTI");
        return;
    }
    if (c->flags & CLIENT_DIRTY_EXEC)
        reply_error(c, "EXECABORT Transaction discarded because of previous "
                       "errors.");
    else if (watched_key_changed(c))
        reply_null_array(c);
    else
        execute_queue(c);
    transaction_discard(c);
}

/* A command that only has to wait, because a check has stopped its client,
 * comes again. */
void transaction_note_rejected(struct client *c)
{
    if (c->flags & CLIENT_STOPPED)
        return;
    if (is_exec(c))
        transaction_discard(c);
    else if (c->flags & CLIENT_MULTI)
        c->flags |= CLIENT_DIRTY_EXEC;
}

void transaction_open(void)
{
    transaction_at = client_reserve(sizeof(struct transaction));
    client_on_free(transaction_discard);
}

const struct command transaction_commands[] = {
    {.name = "multi", .arity = 1, .handler = multi_command},
    {.name = "exec", .arity = 1, .handler = exec_command},
    {.name = "discard", .arity = 1, .handler = discard_command},
    {.name = NULL},
};
