/* expire: commands that set, clear or return a key's expiration time. */
#include "command/expire.h"

#include "command/args.h"
#include "command/call.h"
#include "command/errors.h"
#include "command/families.h"
#include "common/clock.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"

const struct time_form time_forms[] = {
    [FORM_EX] = {"ex", 1000, false},
    [FORM_PX] = {"px", 1, false},
    [FORM_EXAT] = {"exat", 1000, true},
    [FORM_PXAT] = {"pxat", 1, true},
    {NULL, 0, false},
};

/* Under which conditions a new expiration time is set. */
enum condition {
    IF_NONE = 1 << 0, /* NX: the key has none */
    IF_SOME = 1 << 1, /* XX: the key has one */
    IF_LATER = 1 << 2, /* GT: the new one is later */
    IF_EARLIER = 1 << 3 /* LT: the new one is earlier */
};

/* Parses [NX | XX] [GT | LT] after key and time. Replies with an error and
 * returns false if an option is unknown, or two contradict each other. An
 * unknown option is the first to be reported, wherever it is, and the time is
 * looked at last. */
static bool conditions_or_reply(struct client *c, unsigned *conditions)
{
    *conditions = 0;
    for (int i = 3; i < c->argc; i++) {
        struct slice option = c->argv[i];
        if (slice_is(option, "nx")) {
            *conditions |= IF_NONE;
        } else if (slice_is(option, "xx")) {
            *conditions |= IF_SOME;
        } else if (slice_is(option, "gt")) {
            *conditions |= IF_LATER;
        } else if (slice_is(option, "lt")) {
            *conditions |= IF_EARLIER;
        } else {
            reply_errorf(c, "ERR Unsupported option %.*s",
                         slice_precision(option), option.ptr);
            return false;
        }
    }
    bool both = *conditions & IF_LATER && *conditions & IF_EARLIER;
    bool none_and_more = *conditions & IF_NONE && *conditions != IF_NONE;
    if (none_and_more)
        reply_error(c, "ERR NX and XX, GT or LT options at the same time are "
                       "not compatible");
    else if (both)
        reply_error(c, "ERR GT and LT options at the same time are not "
                       "compatible");
    return !none_and_more && !both;
}

bool time_option_parse(const struct client *c, int *i,
                       struct time_option *option)
{
    const struct time_form *form = time_forms;
    while (form->option && !slice_is(c->argv[*i], form->option))
        form++;
    if (!form->option || *i + 1 >= c->argc ||
        (option->form && option->form != form))
        return false;
    option->form = form;
    option->amount = c->argv[++*i];
    return true;
}

bool time_or_reply(struct client *c, struct slice amount,
                   const struct time_form *form, int64_t least,
                   int64_t *when_ms)
{
    int64_t from_ms = form->is_absolute ? 0 : clock_ticked_ms();
    int64_t number;
    if (!integer_or_reply(c, amount, &number))
        return false;
    /* Each bound is checked before the operation that could overflow. */
    if (number >= least && number <= INT64_MAX / form->unit_ms &&
        number >= INT64_MIN / form->unit_ms &&
        number * form->unit_ms <= INT64_MAX - from_ms) {
        *when_ms = number * form->unit_ms + from_ms;
        return true;
    }
    reply_errorf(c, "ERR invalid expire time in '%s' command",
                 c->command->name);
    return false;
}

/* Whether the conditions let `when_ms` replace `old_ms`, the expiration time
 * that the key has. NO_EXPIRY is later than any time: the key lives forever. */
static bool conditions_hold(unsigned conditions, int64_t old_ms,
                            int64_t when_ms)
{
    bool is_forever = old_ms == NO_EXPIRY;
    if (conditions & IF_NONE && !is_forever)
        return false;
    if (conditions & IF_SOME && is_forever)
        return false;
    if (conditions & IF_LATER && (is_forever || when_ms <= old_ms))
        return false;
    return !(conditions & IF_EARLIER) || is_forever || when_ms < old_ms;
}

void propagate_removal(struct db *db, struct slice key, enum removal why)
{
    (void)why;
    const struct slice argv[] = {SLICE("DEL"), key};
    propagate(db->id, 2, argv);
}

bool expire_at(struct client *c, struct slice key, struct entry *e,
               int64_t when_ms)
{
    if (when_ms > clock_ticked_ms()) {
        db_set_expiry(c->db, e, when_ms);
        key_changed(c->db, key, "expire");
        return true;
    }
    const struct slice argv[] = {SLICE("DEL"), key};
    db_unlink(c->db, key);
    key_changed(c->db, key, "del");
    propagate_as(c, 2, argv);
    return false;
}

void propagate_expire_at(struct client *c, struct slice key, int64_t when_ms,
                         int first)
{
    char text[INT64_TEXT_MAX];
    struct slice *argv = zmalloc((size_t)c->argc * sizeof *argv);
    int argc = 0;
    argv[argc++] = SLICE("PEXPIREAT");
    argv[argc++] = key;
    argv[argc++] = (struct slice){text, format_int64(text, when_ms)};
    for (int i = first; i < c->argc; i++)
        argv[argc++] = c->argv[i];
    propagate_as(c, argc, argv);
    zfree(argv);
}

/* Executes EXPIRE and its relatives, which differ in the form of the time only.
 * The reply is 1 if the time was set, 0 if the key is missing or a condition
 * does not hold. PEXPIREAT itself is propagated as it came. */
static void expire_key(struct client *c, const struct time_form *form)
{
    unsigned conditions;
    int64_t when_ms;
    if (!conditions_or_reply(c, &conditions) ||
        !time_or_reply(c, c->argv[2], form, INT64_MIN, &when_ms))
        return;
    struct entry *e = lookup_write(c->db, c->argv[1]);
    bool set = e && conditions_hold(conditions, entry_expiry(e), when_ms);
    if (set && expire_at(c, c->argv[1], e, when_ms) &&
        form != &time_forms[FORM_PXAT])
        propagate_expire_at(c, c->argv[1], when_ms, 3);
    reply_integer(c, set);
}

/* EXPIRE key seconds [NX | XX | GT | LT] */
static void expire_command(struct client *c)
{
    expire_key(c, &time_forms[FORM_EX]);
}

/* PEXPIRE key milliseconds [NX | XX | GT | LT] */
static void pexpire_command(struct client *c)
{
    expire_key(c, &time_forms[FORM_PX]);
}

/* EXPIREAT key unix-time-seconds [NX | XX | GT | LT] */
static void expireat_command(struct client *c)
{
    expire_key(c, &time_forms[FORM_EXAT]);
}

/* PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] */
static void pexpireat_command(struct client *c)
{
    expire_key(c, &time_forms[FORM_PXAT]);
}

void reply_expiry(struct client *c, const struct time_form *form)
{
    const struct entry *e = lookup_query(c->db, c->argv[1]);
    if (!e || entry_expiry(e) == NO_EXPIRY) {
        reply_integer(c, e ? -1 : -2);
        return;
    }
    int64_t from_ms = form->is_absolute ? 0 : clock_ticked_ms();
    int64_t left_ms = entry_expiry(e) - from_ms;
    if (left_ms < 0)
        left_ms = 0;
    /* Rounded as in Redis: right after EXPIRE key 10, TTL returns 10. */
    uint64_t rounded_s = ((uint64_t)left_ms + 500) / 1000;
    reply_integer(c, form->unit_ms == 1 ? left_ms : (int64_t)rounded_s);
}

/* TTL key */
static void ttl_command(struct client *c)
{
    reply_expiry(c, &time_forms[FORM_EX]);
}

/* PTTL key */
static void pttl_command(struct client *c)
{
    reply_expiry(c, &time_forms[FORM_PX]);
}

/* PERSIST key: 1 if an expiration time was cleared, 0 if there was none. */
static void persist_command(struct client *c)
{
    struct entry *e = lookup_write(c->db, c->argv[1]);
    bool had = e && entry_expiry(e) != NO_EXPIRY;
    if (had) {
        db_set_expiry(c->db, e, NO_EXPIRY);
        key_changed(c->db, c->argv[1], "persist");
    }
    reply_integer(c, had);
}

const struct command expire_commands[] = {
    {.name = "expire",
     .arity = -3,
     .flags = CMD_WRITE,
     .handler = expire_command},
    {.name = "pexpire",
     .arity = -3,
     .flags = CMD_WRITE,
     .handler = pexpire_command},
    {.name = "expireat",
     .arity = -3,
     .flags = CMD_WRITE,
     .handler = expireat_command},
    {.name = "pexpireat",
     .arity = -3,
     .flags = CMD_WRITE,
     .handler = pexpireat_command},
    {.name = "ttl", .arity = 2, .handler = ttl_command},
    {.name = "pttl", .arity = 2, .handler = pttl_command},
    {.name = "persist",
     .arity = 2,
     .flags = CMD_WRITE,
     .handler = persist_command},
    {.name = NULL},
};
