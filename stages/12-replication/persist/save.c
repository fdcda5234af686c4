/* save: SAVE, BGSAVE and LASTSAVE. */
#include "command/errors.h"
#include "net/client.h"
#include "net/reply.h"
#include "persist/snapshot.h"

#define ERR_SAVING "ERR Background save already in progress"

/* SAVE: the server serves no client until the file is written. */
static void save_command(struct client *c)
{
    if (snapshot.child)
        reply_error(c, ERR_SAVING);
    else if (snapshot_save())
        reply_ok(c);
    else
        reply_error(c, "ERR");
}

/* BGSAVE [SCHEDULE]: in a transaction it is put off until the end, because a
 * process that is forked now would save half of it. */
static void bgsave_command(struct client *c)
{
    if (c->argc > 2 || (c->argc == 2 && !slice_is(c->argv[1], "schedule"))) {
        reply_error(c, ERR_SYNTAX);
    } else if (snapshot.child) {
        reply_error(c, ERR_SAVING);
    } else if (c->flags & CLIENT_DENY_BLOCKING ||
               (snapshot.has_to_wait && c->argc == 2)) {
        snapshot.is_scheduled = true;
        reply_simple(c, "Background saving scheduled");
    } else if (snapshot.has_to_wait) {
        reply_error(c, "ERR Another child process is active (AOF?): can't "
                       "BGSAVE right now. Use BGSAVE SCHEDULE in order to "
                       "schedule a BGSAVE whenever possible.");
    } else if (snapshot_begin()) {
        reply_simple(c, "Background saving started");
    } else {
        reply_error(c, "ERR");
    }
}

/* LASTSAVE */
static void lastsave_command(struct client *c)
{
    reply_integer(c, snapshot.saved_s);
}

const struct command snapshot_commands[] = {
    {.name = "save", .arity = 1, .handler = save_command},
    {.name = "bgsave", .arity = -1, .handler = bgsave_command},
    {.name = "lastsave", .arity = 1, .handler = lastsave_command},
    {.name = NULL},
};
