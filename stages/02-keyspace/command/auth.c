#include "command/auth.h"

#include "command/command.h"
#include "command/errors.h"
#include "command/key_positions.h"
#include "command/users.h"
#include "common/log.h"
#include "common/quote.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"

static char *default_password; /* as `requirepass` has it, or NULL */

void auth_begin(struct client *c)
{
    c->user = user_default();
    c->flags &= ~(unsigned)CLIENT_AUTHENTICATED;
    if (user_is_open(c->user))
        c->flags |= CLIENT_AUTHENTICATED;
}

bool auth_or_reply(struct client *c, struct slice name, struct slice password)
{
    struct user *u = user_find(name);
    if (!u || !user_accepts(u, password)) {
        reply_error(c, "WRONGPASS invalid username-password pair or user is "
                       "disabled.");
        return false;
    }
    c->user = u;
    c->flags |= CLIENT_AUTHENTICATED;
    return true;
}

bool auth_is_done(const struct client *c)
{
    return c->flags & CLIENT_AUTHENTICATED || user_is_open(user_default());
}

bool auth_permits(struct client *c)
{
    if (c->command->flags & CMD_NO_AUTH)
        return true;
    if (!(c->user->flags & USER_ALL_COMMANDS)) {
        reply_errorf(c,
                     "NOPERM this user has no permissions to run the '%s' "
                     "command",
                     c->command->name);
        return false;
    }
    if (!(c->user->flags & USER_ALL_KEYS) && command_has_keys(c)) {
        reply_error(c, "NOPERM this user has no permissions to access one of "
                       "the keys used as arguments");
        return false;
    }
    return true;
}

void auth_close_clients(struct client *c, const struct user *u)
{
    struct client *next;
    for (struct client *x = client_first(); x; x = next) {
        next = x->next;
        if (x->user == u && x != c)
            client_free(x);
    }
    if (c->user != u)
        return;
    auth_begin(c); /* it still has to hear the answer */
    c->flags |= CLIENT_CLOSE_AFTER_REPLY;
}

void auth_redact(struct client *c, int argument)
{
    c->argv[argument] = SLICE("(redacted)");
}

/* AUTH [user] password */
void auth_command(struct client *c)
{
    struct slice name = SLICE("default");
    if (c->argc > 3) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    struct slice password = c->argv[c->argc - 1];
    if (c->argc == 3)
        name = c->argv[1];
    for (int i = 1; i < c->argc; i++)
        auth_redact(c, i);
    if (c->argc == 2 && user_default()->flags & USER_NO_PASSWORD)
        reply_error(c, "ERR AUTH <password> called without any password "
                       "configured for the default user. Are you sure your "
                       "configuration is correct?");
    else if (auth_or_reply(c, name, password))
        reply_ok(c);
}

/* The default user's one password; an empty one lets everybody in. The same
 * one again changes nothing, whatever the user's passwords are meanwhile. */
static bool set_default_password(const struct slice *words, int count,
                                 const char **error)
{
    (void)count;
    if (default_password && slice_equal(words[0], slice_of(default_password)))
        return true;
    struct buffer rule = {0};
    buffer_append_text(&rule, words[0].len > 0 ? ">" : "nopass");
    buffer_append_slice(&rule, words[0]);
    struct slice rules[] = {SLICE("resetpass"), buffer_slice(&rule)};
    int wrong;
    user_default();
    bool done = user_change(SLICE("default"), rules, 2, &wrong, error);
    buffer_free(&rule);
    zfree(default_password);
    default_password = slice_dup(words[0]);
    return done;
}

/* As it was set, for CONFIG GET. */
static void get_default_password(struct buffer *out)
{
    buffer_append_text(out, default_password);
}

/* No line when there is no password. */
static void rewrite_default_password(struct buffer *out)
{
    if (!default_password[0])
        return;
    buffer_append_text(out, "requirepass ");
    quote_append(out, slice_of(default_password));
    buffer_append_text(out, "\n");
}

/* user name rule ... */
static bool declare_user(const struct slice *words, int count,
                         const char **error)
{
    struct slice reset = SLICE("reset");
    const char *why = "Duplicate user found. A user can only "
                      "be defined once in config files";
    int wrong = -1;
    if (count < 1)
        return config_fail(error, "Bad directive or wrong number of arguments");
    struct user *u = user_find(words[0]);
    if ((!u || u == user_default()) &&
        (!u || user_change(words[0], &reset, 1, &wrong, &why)) &&
        user_change(words[0], words + 1, count - 1, &wrong, &why))
        return true;
    struct slice culprit = words[wrong + 1];
    return config_fail(error, "Error in user declaration '%.*s': %s",
                       (int)culprit.len, culprit.ptr, why);
}

/* A line for each user, the default one among them. */
static void rewrite_users(struct buffer *out)
{
    for (const struct user *u = user_first(); u; u = u->next) {
        user_append_line(u, out);
        buffer_append_text(out, "\n");
    }
}

const struct config_row auth_config[] = {
    {.name = "requirepass",
     .type = CONFIG_SPECIAL,
     .flags = CONFIG_SECRET,
     .fallback = "",
     .set = set_default_password,
     .get = get_default_password,
     .rewrite = rewrite_default_password},
    {.name = "user",
     .type = CONFIG_SPECIAL,
     .flags = CONFIG_DIRECTIVE | CONFIG_WORDS,
     .set = declare_user,
     .rewrite = rewrite_users},
    {.name = NULL},
};
