/* auth: adds AUTH, HELLO's option AUTH, and the parameters requirepass and
 * user.
 *
 * A client begins as the default user, who may need a password. What a client
 * may do is found out when it logs in and when a user changes, not with each
 * command: CLIENT_AUTHENTICATED sums it up. */
#include "more/02-keyspace/command/auth.h"

#include "command/databases.h"
#include "command/errors.h"
#include "common/quote.h"
#include "more/00-resp/command/connection.h"
#include "more/01-event-loop/command/client_list.h"
#include "more/01-event-loop/net/extension.h"
#include "more/01-event-loop/net/listeners.h"
#include "more/01-event-loop/net/output_limits.h"
#include "more/02-keyspace/command/families.h"
#include "more/02-keyspace/command/users.h"
#include "net/client.h"
#include "net/reply.h"

/* What is kept for each client. */
struct login {
    struct user *user;
    bool is_done;
};

/* A client that has not logged in gets no memory for long commands. */
static const struct resp_limits limits_before = {
    .args = 10,
    .args_error = "unauthenticated multibulk length",
    .bulk_len = 16384,
    .bulk_len_error = "unauthenticated bulk length",
};

static size_t login_at; /* in every client */
static struct buffer default_password; /* as `requirepass` has it */
static bool default_is_declared; /* a line `user default` was read */

/* Returns the client's login, which lives as long as the client. */
static struct login *login_of(const struct client *c)
{
    return (struct login *)((char *)c + login_at);
}

struct user *user_of(const struct client *c)
{
    return login_of(c)->user;
}

bool auth_is_done(const struct client *c)
{
    return login_of(c)->is_done || user_is_open(user_default());
}

/* Works out what follows from the client's user. */
static void update_client(struct client *c)
{
    bool is_done = auth_is_done(c);
    c->reader.limits = is_done ? NULL : &limits_before;
    c->flags &= ~(unsigned)(CLIENT_AUTHENTICATED | CLIENT_BEFORE_LOGIN);
    if (!is_done)
        c->flags |= CLIENT_BEFORE_LOGIN;
    else if ((user_of(c)->flags & USER_MAY_ALL) == USER_MAY_ALL)
        c->flags |= CLIENT_AUTHENTICATED;
    output_limits_update(c);
}

/* Makes the client the default user. */
static void begin_login(struct client *c)
{
    struct user *u = user_default();
    *login_of(c) = (struct login){.user = u, .is_done = user_is_open(u)};
    update_client(c);
}

/* A user has changed. */
static void update_all_clients(void)
{
    for (struct client *c = client_first(); c; c = c->next)
        update_client(c);
}

bool auth_change_user(struct slice name, const struct slice *rules, int count,
                      int *wrong, const char **error)
{
    bool done = user_change(name, rules, count, wrong, error);
    update_all_clients();
    return done;
}

void auth_close_clients(struct client *c, const struct user *u)
{
    struct client *next;
    for (struct client *x = client_first(); x; x = next) {
        next = x->next;
        if (user_of(x) == u && x != c)
            client_free(x);
    }
    if (user_of(c) != u)
        return;
    begin_login(c); /* it still has to get its reply */
    c->flags |= CLIENT_CLOSE_AFTER_REPLY;
}

/* Hides the argument from monitors. */
static void redact(struct slice *argument)
{
    *argument = SLICE("(redacted)");
}

/* Makes the client that user. Replies with an error and returns false if the
 * password is wrong. */
static bool log_in_or_reply(struct client *c, struct slice name,
                            struct slice password)
{
    struct user *u = user_find(name);
    if (!u || !user_accepts(u, password)) {
        reply_error(c, "WRONGPASS invalid username-password pair or user is "
                       "disabled.");
        return false;
    }
    *login_of(c) = (struct login){.user = u, .is_done = true};
    update_client(c);
    return true;
}

/* AUTH [username] password */
static void auth_command(struct client *c)
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
        redact(&c->argv[i]);
    if (c->argc == 2 && user_default()->flags & USER_NO_PASSWORD)
        reply_error(c, "ERR AUTH <password> called without any password "
                       "configured for the default user. Are you sure your "
                       "configuration is correct?");
    else if (log_in_or_reply(c, name, password))
        reply_ok(c);
}

/* Applies HELLO's option AUTH username password. */
static bool hello_auth_or_reply(struct client *c, struct slice *values)
{
    struct slice name = values[0], password = values[1];
    redact(&values[0]);
    redact(&values[1]);
    return log_in_or_reply(c, name, password);
}

/* Replies with an error and returns false if the client has not logged in: then
 * HELLO does not say what it is connected to. */
static bool hello_allowed_or_reply(struct client *c)
{
    bool is_done = auth_is_done(c);
    if (!is_done)
        reply_error(c, "NOAUTH HELLO must be called with the client already "
                       "authenticated, otherwise the HELLO AUTH <user> <pass> "
                       "option can be used to authenticate the client and "
                       "select the RESP protocol version at the same time");
    return is_done;
}

/* Makes this the default user's only password; with an empty one no login is
 * needed. The parameter's value set again changes nothing, not even if ACL has
 * changed the user's passwords since. At the start a line `user default` counts
 * for more, whether it comes before or after. */
static bool set_default_password(const struct slice *words, int count,
                                 const char **error)
{
    (void)count;
    static bool is_set;
    if (is_set && slice_equal(words[0], buffer_slice(&default_password)))
        return true;
    struct buffer rule = {0};
    buffer_append_text(&rule, words[0].len > 0 ? ">" : "nopass");
    buffer_append_slice(&rule, words[0]);
    struct slice rules[] = {SLICE("resetpass"), buffer_slice(&rule)};
    int wrong;
    user_default();
    bool done = (default_is_declared && config_is_loading()) ||
                auth_change_user(SLICE("default"), rules, 2, &wrong, error);
    buffer_free(&rule);
    default_password.len = 0;
    buffer_append_slice(&default_password, words[0]);
    is_set = true;
    return done;
}

/* As it was set, for CONFIG GET. */
static void get_default_password(struct buffer *out)
{
    buffer_append_slice(out, buffer_slice(&default_password));
}

/* No line when there is no password. */
static void rewrite_default_password(struct buffer *out)
{
    if (default_password.len == 0)
        return;
    buffer_append_text(out, "requirepass ");
    quote_append(out, buffer_slice(&default_password));
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
    bool is_default = u && u == user_default();
    if ((!u || (is_default && !default_is_declared)) &&
        (!u || auth_change_user(words[0], &reset, 1, &wrong, &why)) &&
        auth_change_user(words[0], words + 1, count - 1, &wrong, &why)) {
        default_is_declared |= is_default;
        return true;
    }
    struct slice culprit = words[wrong + 1];
    return config_fail(error, "Error in user declaration '%.*s': %s",
                       slice_precision(culprit), culprit.ptr, why);
}

/* A line for each user, the default one among them. */
static void rewrite_users(struct buffer *out)
{
    for (const struct user *u = user_first(); u; u = u->next) {
        user_append_line(u, out);
        buffer_append_text(out, "\n");
    }
}

const struct config_row more_auth_config[] = {
    {.name = "requirepass",
     .type = CONFIG_SPECIAL,
     .flags = CONFIG_SECRET | CONFIG_LAST, /* ACL may have set others since */
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

/* RESET brings the client back to the default user and to database 0. */
static void reset_client(struct client *c)
{
    session_begin(c);
    begin_login(c);
}

/* Whether protected mode may let other machines in. */
static bool has_default_password(void)
{
    return !(user_default()->flags & USER_NO_PASSWORD);
}

/* The user of that name, for CLIENT KILL USER. */
static const void *find_user(struct slice name)
{
    return user_find(name);
}

/* The client's user, for CLIENT KILL USER. */
static const void *user_of_client(const struct client *c)
{
    return user_of(c);
}

/* The field "user" of CLIENT LIST. */
static void append_user(const struct client *c, struct buffer *out)
{
    buffer_append_text(out, user_of(c)->name);
}

void auth_open(void)
{
    login_at = client_reserve(sizeof(struct login));
    client_on_create(begin_login);
    reset_observe(reset_client);
    hello_add_option("auth", 2, hello_auth_or_reply);
    hello_set_check(hello_allowed_or_reply);
    protected_mode_unless(has_default_password);
    client_users_set(find_user, user_of_client);
    client_field_set("user", append_user);
}

const struct command more_auth_commands[] = {
    {.name = "auth", .arity = -2, .handler = auth_command},
    {.name = NULL},
};
