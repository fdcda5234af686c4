#include "more/00-resp/command/connection.h"

#include <assert.h>

#include "command/connection.h"
#include "common/hooks.h"
#include "net/client.h"
#include "net/reply.h"

enum { OPTIONS_MAX = 4 };

struct hello_option {
    const char *name;
    int values;
    hello_option_fn *fn;
};

typedef void reset_fn(struct client *c);

static struct hello_option options[OPTIONS_MAX];
static int option_count;
static bool (*check_greeting)(struct client *c);
static struct hooks resets;

/* Returns the option of that name, or the free place after the last one. */
static struct hello_option *find_option(struct slice name)
{
    struct hello_option *option = options;
    while (option < options + option_count && !slice_is(name, option->name))
        option++;
    return option;
}

void hello_add_option(const char *name, int values, hello_option_fn *fn)
{
    struct hello_option *option = find_option(slice_of(name));
    assert(option < options + OPTIONS_MAX);
    if (option == options + option_count)
        option_count++;
    *option = (struct hello_option){name, values, fn};
}

void hello_set_check(bool (*fn)(struct client *c))
{
    check_greeting = fn;
}

void reset_observe(void (*fn)(struct client *c))
{
    hooks_add(&resets, (hook_fn *)fn);
}

bool client_name_or_reply(struct client *c, struct slice *name)
{
    for (size_t i = 0; i < name->len; i++) {
        if (name->ptr[i] < '!' || name->ptr[i] > '~') {
            reply_error(c, "ERR Client names cannot contain spaces, newlines "
                           "or special characters.");
            return false;
        }
    }
    return true;
}

/* Applies the options after the version, in order. Replies with an error and
 * returns false if one is invalid. */
static bool apply_options_or_reply(struct client *c)
{
    for (int i = 2; i < c->argc; i++) {
        const struct hello_option *option = find_option(c->argv[i]);
        if (option == options + option_count ||
            c->argc - 1 - i < option->values) {
            reply_errorf(c, "ERR Syntax error in HELLO option '%.*s'",
                         slice_precision(c->argv[i]), c->argv[i].ptr);
            return false;
        }
        if (!option->fn(c, c->argv + i + 1))
            return false;
        i += option->values;
    }
    return true;
}

/* HELLO [version [AUTH user password] [SETNAME name]] */
static void hello_command(struct client *c)
{
    int version;
    if (!hello_version_or_reply(c, &version) || !apply_options_or_reply(c) ||
        (check_greeting && !check_greeting(c)))
        return;
    c->protocol = version;
    reply_hello(c);
}

/* RESET: brings the connection back to how it began. */
static void reset_command(struct client *c)
{
    c->protocol = 2;
    hooks_call(&resets, reset_fn, c);
    reply_simple(c, "RESET");
}

const struct command more_connection_commands[] = {
    {.name = "hello", .arity = -1, .handler = hello_command},
    {.name = "reset", .arity = 1, .handler = reset_command},
    {.name = NULL},
};
