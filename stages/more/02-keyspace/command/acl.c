/* acl: adds ACL, which lists, changes and deletes users. */
#include "command/args.h"
#include "common/choice.h"
#include "common/random.h"
#include "common/sha256.h"
#include "more/01-event-loop/command/docs.h"
#include "more/02-keyspace/command/auth.h"
#include "more/02-keyspace/command/families.h"
#include "more/02-keyspace/command/users.h"
#include "net/client.h"
#include "net/reply.h"

enum {
    PASSWORD_BITS = 256,
    PASSWORD_BITS_MAX = 4096,
    BITS_PER_DIGIT = 4 /* passwords are made of hexadecimal digits */
};

/* ACL WHOAMI */
static void acl_whoami_command(struct client *c)
{
    reply_bulk_text(c, user_of(c)->name);
}

/* ACL LIST: as lines of a configuration file. */
static void acl_list_command(struct client *c)
{
    struct output_block *begun = reply_begin(c);
    struct buffer line = {0};
    size_t count = 0;
    for (const struct user *u = user_first(); u; u = u->next) {
        line.len = 0;
        user_append_line(u, &line);
        reply_bulk(c, buffer_slice(&line));
        count++;
    }
    buffer_free(&line);
    reply_end_aggregate(c, begun, REPLY_ARRAY, count);
}

/* ACL USERS */
static void acl_users_command(struct client *c)
{
    struct output_block *begun = reply_begin(c);
    size_t count = 0;
    for (const struct user *u = user_first(); u; u = u->next) {
        reply_bulk_text(c, u->name);
        count++;
    }
    reply_end_aggregate(c, begun, REPLY_ARRAY, count);
}

/* The flags that concern logging in and restoring, as a set. */
static void reply_user_flags(struct client *c, const struct user *u)
{
    static const struct choice names[] = {
        {"on", USER_ON},
        {"nopass", USER_NO_PASSWORD},
        {"skip-sanitize-payload", USER_SKIP_SANITIZE},
        {"sanitize-payload", USER_SANITIZE},
        {NULL, 0},
    };
    struct output_block *begun = reply_begin(c);
    size_t count = 0;
    if (!(u->flags & USER_ON)) {
        reply_bulk_text(c, "off");
        count++;
    }
    for (const struct choice *n = names; n->name; n++) {
        if (u->flags & (unsigned)n->value) {
            reply_bulk_text(c, n->name);
            count++;
        }
    }
    reply_end_aggregate(c, begun, REPLY_SET, count);
}

/* ACL GETUSER name */
static void acl_getuser_command(struct client *c)
{
    const struct user *u = user_find(c->argv[2]);
    if (!u) {
        reply_null(c);
        return;
    }
    reply_map(c, 6);
    reply_bulk_text(c, "flags");
    reply_user_flags(c, u);
    reply_bulk_text(c, "passwords");
    reply_array(c, u->digests.len / SHA256_HEX);
    for (size_t i = 0; i < u->digests.len; i += SHA256_HEX)
        reply_bulk(c, (struct slice){u->digests.data + i, SHA256_HEX});
    reply_bulk_text(c, "commands");
    reply_bulk_text(c, u->flags & USER_ALL_COMMANDS ? "+@all" : "-@all");
    reply_bulk_text(c, "keys");
    reply_bulk_text(c, u->flags & USER_ALL_KEYS ? "~*" : "");
    reply_bulk_text(c, "channels");
    reply_bulk_text(c, u->flags & USER_ALL_CHANNELS ? "&*" : "");
    reply_bulk_text(c, "selectors");
    reply_array(c, 0);
}

/* ACL SETUSER name [rule ...] */
static void acl_setuser_command(struct client *c)
{
    int wrong;
    const char *error;
    if (auth_change_user(c->argv[2], c->argv + 3, c->argc - 3, &wrong,
                         &error)) {
        reply_ok(c);
    } else if (wrong < 0) {
        reply_errorf(c, "ERR %s", error);
    } else {
        struct slice rule = c->argv[3 + wrong];
        reply_errorf(c, "ERR Error in ACL SETUSER modifier '%.*s': %s",
                     slice_precision(rule), rule.ptr, error);
    }
}

/* ACL DELUSER name [name ...] */
static void acl_deluser_command(struct client *c)
{
    for (int i = 2; i < c->argc; i++) {
        if (user_find(c->argv[i]) == user_default()) {
            reply_error(c, "ERR The 'default' user cannot be removed");
            return;
        }
    }
    int64_t deleted = 0;
    for (int i = 2; i < c->argc; i++) {
        struct user *u = user_find(c->argv[i]);
        if (!u)
            continue;
        auth_close_clients(c, u);
        user_delete(u);
        deleted++;
    }
    reply_integer(c, deleted);
}

/* ACL GENPASS [bits] */
static void acl_genpass_command(struct client *c)
{
    int64_t bits = PASSWORD_BITS;
    char digits[PASSWORD_BITS_MAX / BITS_PER_DIGIT + 1];
    if (c->argc > 3) {
        reply_wrong_subcommand(c);
        return;
    }
    if (c->argc == 3 &&
        (!range_or_reply(
            c, c->argv[2], 1, PASSWORD_BITS_MAX, &bits,
            "ERR ACL GENPASS argument must be the number of bits for "
            "the output password, a positive number up to 4096")))
        return;
    random_hex(digits, (size_t)(bits + BITS_PER_DIGIT - 1) / BITS_PER_DIGIT);
    reply_bulk_text(c, digits);
}

const struct command more_acl_commands[] = {
    {.name = "acl", .arity = -2},
    {.name = "acl|whoami", .arity = 2, .handler = acl_whoami_command},
    {.name = "acl|list", .arity = 2, .handler = acl_list_command},
    {.name = "acl|users", .arity = 2, .handler = acl_users_command},
    {.name = "acl|getuser", .arity = 3, .handler = acl_getuser_command},
    {.name = "acl|setuser", .arity = -3, .handler = acl_setuser_command},
    {.name = "acl|deluser", .arity = -3, .handler = acl_deluser_command},
    {.name = "acl|genpass", .arity = -2, .handler = acl_genpass_command},
    {.name = "acl|help", .arity = 2, .handler = reply_help},
    {.name = NULL},
};
