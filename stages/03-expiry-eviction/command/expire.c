/* expire: commands that say when a key is to go, or ask for it.
 *
 * Whatever unit a time comes in, and whether it is counted from now or from
 * 1970, it is kept as milliseconds since 1970. */
#include "command/expire.h"

#include "command/args.h"
#include "command/families.h"
#include "common/clock.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/expire.h"
#include "store/keyspace.h"
#include "store/settings.h"

enum { MILLISECONDS = 1, SECONDS = 1000 };

/* On what an expiry depends. */
enum condition {
    IF_NONE = 1 << 0, /* NX: the key has none so far */
    IF_SOME = 1 << 1, /* XX: it has one */
    IF_LATER = 1 << 2, /* GT: it would live longer */
    IF_EARLIER = 1 << 3 /* LT: it would not live as long */
};

static unsigned find_condition(struct slice word)
{
    if (slice_is(word, "nx"))
        return IF_NONE;
    if (slice_is(word, "xx"))
        return IF_SOME;
    if (slice_is(word, "gt"))
        return IF_LATER;
    return slice_is(word, "lt") ? IF_EARLIER : 0;
}

/* Takes [NX | XX] [GT | LT]. Answers what is none of them, and those that
 * contradict each other. */
static bool parse_conditions(struct client *c, unsigned *conditions)
{
    *conditions = 0;
    for (int i = 3; i < c->argc; i++) {
        unsigned condition = find_condition(c->argv[i]);
        if (!condition) {
            reply_errorf(c, "ERR Unsupported option %.*s", (int)c->argv[i].len,
                         c->argv[i].ptr);
            return false;
        }
        *conditions |= condition;
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

/* Takes the time as milliseconds since 1970. Answers one that is no number, or
 * too far away. */
static bool parse_when(struct client *c, int64_t unit, int64_t from_ms,
                       int64_t *when_ms)
{
    int64_t amount;
    if (!arg_integer(c, c->argv[2], &amount, NULL))
        return false;
    if (amount <= INT64_MAX / unit && amount >= INT64_MIN / unit &&
        amount * unit <= INT64_MAX - from_ms) {
        *when_ms = amount * unit + from_ms;
        return true;
    }
    reply_errorf(c, "ERR invalid expire time in '%s' command",
                 c->command->name);
    return false;
}

/* A key without an expiry lives for ever, which nothing is later than. */
static bool conditions_hold(unsigned conditions, int64_t now_ms,
                            int64_t when_ms)
{
    bool for_ever = now_ms == NO_EXPIRY;
    if (conditions & IF_NONE && !for_ever)
        return false;
    if (conditions & IF_SOME && for_ever)
        return false;
    if (conditions & IF_LATER && (for_ever || when_ms <= now_ms))
        return false;
    return !(conditions & IF_EARLIER) || for_ever || when_ms < now_ms;
}

void expire_at(struct client *c, struct entry *e, int64_t when_ms)
{
    struct slice key = c->argv[1];
    if (when_ms > clock_ticked_ms()) {
        db_set_expiry(c->db, e, when_ms);
        key_changed(c->db, key, "expire");
    } else {
        db_delete(c->db, key, store_settings.lazy_expire);
        key_changed(c->db, key, "del");
    }
}

/* key time [NX | XX | GT | LT]: the way of the four commands. */
static void expire_key(struct client *c, int64_t unit, int64_t from_ms)
{
    unsigned conditions;
    int64_t when_ms;
    if (!parse_conditions(c, &conditions) ||
        !parse_when(c, unit, from_ms, &when_ms))
        return;
    struct entry *e = lookup_write(c->db, c->argv[1]);
    bool set = e && conditions_hold(conditions, entry_expiry(e), when_ms);
    if (set)
        expire_at(c, e, when_ms);
    reply_integer(c, set);
}

static void expire_command(struct client *c)
{
    expire_key(c, SECONDS, clock_ticked_ms());
}

static void pexpire_command(struct client *c)
{
    expire_key(c, MILLISECONDS, clock_ticked_ms());
}

static void expireat_command(struct client *c)
{
    expire_key(c, SECONDS, 0);
}

static void pexpireat_command(struct client *c)
{
    expire_key(c, MILLISECONDS, 0);
}

/* Answers when a key expires, counted from `from_ms` on: -1 if never, -2 if
 * there is no such key. */
static void reply_expiry(struct client *c, int64_t unit, int64_t from_ms)
{
    const struct entry *e = lookup_query(c->db, c->argv[1]);
    if (!e || entry_expiry(e) == NO_EXPIRY) {
        reply_integer(c, e ? -1 : -2);
        return;
    }
    int64_t left_ms = entry_expiry(e) - from_ms;
    if (left_ms < 0)
        left_ms = 0;
    uint64_t rounded_s = ((uint64_t)left_ms + 500) / 1000;
    reply_integer(c, unit == MILLISECONDS ? left_ms : (int64_t)rounded_s);
}

static void ttl_command(struct client *c)
{
    reply_expiry(c, SECONDS, clock_ticked_ms());
}

static void pttl_command(struct client *c)
{
    reply_expiry(c, MILLISECONDS, clock_ticked_ms());
}

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

static void expiretime_command(struct client *c)
{
    reply_expiry(c, SECONDS, 0);
}

static void pexpiretime_command(struct client *c)
{
    reply_expiry(c, MILLISECONDS, 0);
}

/* clang-format off */
#define ONE_KEY {1, 1, 1}
/* clang-format on */
#define READ (CMD_READONLY | CMD_FAST)
#define WRITE (CMD_WRITE | CMD_FAST)

const struct command expire_commands[] = {
    {"expire", -3, WRITE, ONE_KEY, expire_command,
     "Lets a key expire after some seconds."},
    {"pexpire", -3, WRITE, ONE_KEY, pexpire_command,
     "Lets a key expire after some milliseconds."},
    {"expireat", -3, WRITE, ONE_KEY, expireat_command,
     "Lets a key expire at a time in seconds since 1970."},
    {"pexpireat", -3, WRITE, ONE_KEY, pexpireat_command,
     "Lets a key expire at a time in milliseconds since 1970."},
    {"ttl", 2, READ, ONE_KEY, ttl_command,
     "Answers how many seconds a key has left."},
    {"pttl", 2, READ, ONE_KEY, pttl_command,
     "Answers how many milliseconds a key has left."},
    {"persist", 2, WRITE, ONE_KEY, persist_command,
     "Takes a key's expiry away."},
    {"expiretime", 2, READ, ONE_KEY, expiretime_command,
     "Answers when a key expires, in seconds since 1970."},
    {"pexpiretime", 2, READ, ONE_KEY, pexpiretime_command,
     "Answers when a key expires, in milliseconds since 1970."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
