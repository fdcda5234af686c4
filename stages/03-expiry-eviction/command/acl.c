/* acl: looking at users and changing them. */
#include "command/args.h"
#include "command/auth.h"
#include "command/families.h"
#include "command/users.h"
#include "common/random.h"
#include "common/sha256.h"
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
    reply_bulk_text(c, c->user->name);
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
    reply_end_array(c, begun, count);
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
    reply_end_array(c, begun, count);
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
    reply_end_set(c, begun, count);
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
    if (user_change(c->argv[2], c->argv + 3, c->argc - 3, &wrong, &error)) {
        reply_ok(c);
    } else if (wrong < 0) {
        reply_errorf(c, "ERR %s", error);
    } else {
        struct slice rule = c->argv[3 + wrong];
        reply_errorf(c, "ERR Error in ACL SETUSER modifier '%.*s': %s",
                     (int)rule.len, rule.ptr, error);
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
        (!arg_integer(c, c->argv[2], &bits, NULL) ||
         !arg_range(c, c->argv[2], 1, PASSWORD_BITS_MAX, &bits,
                    "ERR ACL GENPASS argument must be the number of bits for "
                    "the output password, a positive number up to 4096")))
        return;
    random_hex(digits, (size_t)(bits + BITS_PER_DIGIT - 1) / BITS_PER_DIGIT);
    reply_bulk_text(c, digits);
}

#define ANYONE (CMD_NOSCRIPT | CMD_LOADING | CMD_STALE)

const struct command acl_commands[] = {
    {"acl", -2, 0, NO_KEYS, NULL, "What concerns users."},
    {"acl|whoami", 2, ANYONE, NO_KEYS, acl_whoami_command,
     "Answers the name of the connection's user."},
    {"acl|list", 2, ANYONE | CMD_ADMIN, NO_KEYS, acl_list_command,
     "Lists users with their rules, as a configuration file has them."},
    {"acl|users", 2, ANYONE | CMD_ADMIN, NO_KEYS, acl_users_command,
     "Lists the names of users."},
    {"acl|getuser", 3, ANYONE | CMD_ADMIN, NO_KEYS, acl_getuser_command,
     "Answers the rules of a user."},
    {"acl|setuser", -3, ANYONE | CMD_ADMIN, NO_KEYS, acl_setuser_command,
     "Changes a user by rules, or creates one."},
    {"acl|deluser", -3, ANYONE | CMD_ADMIN, NO_KEYS, acl_deluser_command,
     "Deletes users and closes their connections."},
    {"acl|genpass", -2, ANYONE, NO_KEYS, acl_genpass_command,
     "Makes up a password of so many bits."},
    {"acl|help", 2, CMD_LOADING | CMD_STALE, NO_KEYS, reply_help,
     "Prints this help."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
