/* permissions: checks whether a client may run a command.
 *
 * The docs say what each command needs: a login, keys, a configuration that
 * allows it. All of that is one check of dispatch, so that a client that may do
 * everything costs a test of its flags. */
#include "more/02-keyspace/command/permissions.h"

#include "more/01-event-loop/command/docs.h"
#include "more/02-keyspace/command/auth.h"
#include "more/02-keyspace/command/debug.h"
#include "more/02-keyspace/command/introspect.h"
#include "more/02-keyspace/command/key_positions.h"
#include "more/02-keyspace/command/monitor.h"
#include "more/02-keyspace/command/stats.h"
#include "more/02-keyspace/command/users.h"
#include "net/client.h"
#include "net/reply.h"

/* Only AUTH, HELLO and their like may come before a login. */
static bool login_done_or_reply(struct client *c, const struct command_doc *doc)
{
    if (auth_is_done(c) || doc->flags & DOC_NO_AUTH)
        return true;
    reply_error(c, "NOAUTH Authentication required.");
    return false;
}

/* The client's user must be allowed to run commands, and to use keys if the
 * command has some. */
static bool user_permits_or_reply(struct client *c,
                                  const struct command_doc *doc)
{
    const struct user *u = user_of(c);
    if (doc->flags & DOC_NO_AUTH)
        return true;
    if (!(u->flags & USER_ALL_COMMANDS)) {
        reply_errorf(c,
                     "NOPERM this user has no permissions to run the '%s' "
                     "command",
                     c->command->name);
        return false;
    }
    if (!(u->flags & USER_ALL_KEYS) &&
        command_keys(doc, c->argc, c->argv, NULL) > 0) {
        reply_error(c, "NOPERM this user has no permissions to access one of "
                       "the keys used as arguments");
        return false;
    }
    return true;
}

/* A client that watches the others may not use keys. */
static bool monitor_permits_or_reply(struct client *c,
                                     const struct command_doc *doc)
{
    if (!(c->flags & CLIENT_MONITOR) ||
        !(doc->flags & (DOC_WRITE | DOC_READONLY)))
        return true;
    reply_error(c, "ERR Replica can't interact with the keyspace");
    return false;
}

/* Asks all questions, in the order in which Redis replies with their errors. */
static bool permitted_or_reply(struct client *c)
{
    static const struct command_doc no_doc;
    const struct command_doc *doc = doc_find(slice_of(c->command->name));
    if (!doc)
        doc = &no_doc;
    return (!(doc->flags & DOC_PROTECTED) || debug_allowed_or_reply(c)) &&
           login_done_or_reply(c, doc) && user_permits_or_reply(c, doc) &&
           monitor_permits_or_reply(c, doc);
}

/* COMMAND's subcommands are found here, because it has a handler, too. */
bool check_permitted(struct client *c)
{
    stats_has_failed = false;
    if (c->command == more_command_commands && c->argc > 1 &&
        !command_subcommand_or_reply(c))
        return false;
    unsigned flags = c->flags & (CLIENT_AUTHENTICATED | CLIENT_MONITOR);
    return (flags == CLIENT_AUTHENTICATED &&
            c->command != more_debug_commands) ||
           permitted_or_reply(c);
}
