/* expire: adds SETEX, PSETEX, GETEX, EXPIRETIME and PEXPIRETIME. */
#include "command/expire.h"

#include "command/call.h"
#include "command/lookup.h"
#include "command/string.h"
#include "common/numbers.h"
#include "more/01-event-loop/command/arguments.h"
#include "more/03-expiry-eviction/command/families.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/string.h"

/* Executes SETEX and PSETEX. They are propagated as SET with PXAT. */
static void set_for(struct client *c, const struct time_form *form)
{
    int64_t when_ms;
    if (!time_or_reply(c, c->argv[2], form, 1, &when_ms))
        return;
    set_value_until(c, c->argv[1], c->argv[3], when_ms);
    reply_ok(c);
}

/* SETEX key seconds value */
static void setex_command(struct client *c)
{
    set_for(c, &time_forms[FORM_EX]);
}

/* PSETEX key milliseconds value */
static void psetex_command(struct client *c)
{
    set_for(c, &time_forms[FORM_PX]);
}

struct getex_options {
    bool persist;
    struct time_option time;
};

/* Parses the options after the key. Replies with an error and returns false if
 * one is invalid. */
static bool getex_options_or_reply(struct client *c,
                                   struct getex_options *options)
{
    for (int i = 2; i < c->argc; i++) {
        if (slice_is(c->argv[i], "persist") && !options->time.form) {
            options->persist = true;
        } else if (options->persist ||
                   !time_option_parse(c, &i, &options->time)) {
            reply_error(c, SYNTAX_ERROR);
            return false;
        }
    }
    return true;
}

/* Clears a key's expiration time and propagates PERSIST. */
static void clear_expiry(struct client *c, struct entry *e)
{
    const struct slice argv[] = {SLICE("PERSIST"), c->argv[1]};
    db_set_expiry(c->db, e, NO_EXPIRY);
    key_changed(c->db, c->argv[1], "persist");
    propagate_as(c, 2, argv);
}

/* GETEX key [EX n | PX n | EXAT n | PXAT n | PERSIST] */
static void getex_command(struct client *c)
{
    struct getex_options options = {0};
    struct entry *e;
    int64_t when_ms = NO_EXPIRY;
    char scratch[INT64_TEXT_MAX];
    if (!getex_options_or_reply(c, &options) ||
        !read_typed_or_reply(c, c->argv[1], TYPE_STRING, &e))
        return;
    if (!e) {
        reply_null(c);
        return;
    }
    if (options.time.form &&
        !time_or_reply(c, options.time.amount, options.time.form, 1, &when_ms))
        return;
    reply_bulk(c, string_value(e, scratch));
    if (options.time.form) {
        if (expire_at(c, c->argv[1], e, when_ms))
            propagate_expire_at(c, c->argv[1], when_ms, c->argc);
    } else if (options.persist && entry_expiry(e) != NO_EXPIRY) {
        clear_expiry(c, e);
    }
}

/* EXPIRETIME key */
static void expiretime_command(struct client *c)
{
    reply_expiry(c, &time_forms[FORM_EXAT]);
}

/* PEXPIRETIME key */
static void pexpiretime_command(struct client *c)
{
    reply_expiry(c, &time_forms[FORM_PXAT]);
}

const struct command more_expire_commands[] = {
    {.name = "setex",
     .arity = 4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = setex_command},
    {.name = "psetex",
     .arity = 4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = psetex_command},
    {.name = "getex",
     .arity = -2,
     .flags = CMD_WRITE,
     .handler = getex_command},
    {.name = "expiretime", .arity = 2, .handler = expiretime_command},
    {.name = "pexpiretime", .arity = 2, .handler = pexpiretime_command},
    {.name = NULL},
};
