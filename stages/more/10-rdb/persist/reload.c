/* reload: adds DEBUG RELOAD, and saves at SHUTDOWN. */
#include "common/log.h"
#include "common/zmalloc.h"
#include "more/02-keyspace/command/debug.h"
#include "more/02-keyspace/command/shutdown.h"
#include "more/10-rdb/persist/families.h"
#include "more/10-rdb/persist/loading.h"
#include "net/client.h"
#include "net/reply.h"
#include "net/server.h"
#include "persist/snapshot.h"
#include "store/keyspace.h"
#include "store/type.h"

enum { RELOAD_MERGE = 1 << 0, RELOAD_NOFLUSH = 1 << 1, RELOAD_NOSAVE = 1 << 2 };

static const struct choice reload_options[] = {
    {"merge", RELOAD_MERGE},
    {"noflush", RELOAD_NOFLUSH},
    {"nosave", RELOAD_NOSAVE},
    {NULL, 0},
};

/* Takes the keys out of all databases. The caller frees the array. */
static struct dict *take_keys(void)
{
    struct dict *taken = zcalloc((size_t)db_count(), sizeof *taken);
    for (int i = 0; i < db_count(); i++) {
        struct db *db = db_at(i);
        taken[i] = db->keys;
        dict_init(&db->keys, taken[i].type);
        db->volatile_count = 0;
    }
    return taken;
}

/* Puts a key back, unless the file had it, too. */
static void put_back(struct db *db, struct entry *e)
{
    if (!db_restore(db, e))
        entry_free(e);
}

/* Puts back all that were taken. An entry moves from one dict to the other. */
static void put_keys_back(struct dict *taken)
{
    for (int i = 0; i < db_count(); i++) {
        struct dict_iterator it;
        struct entry *previous = NULL, *e;
        dict_iterate(&it, &taken[i]);
        do {
            e = (struct entry *)dict_next(&it);
            if (previous) {
                dict_remove(&taken[i], entry_key(previous));
                put_back(db_at(i), previous);
            }
            previous = e;
        } while (e);
        dict_free(&taken[i]);
    }
    zfree(taken);
}

/* Loads the file. To have none is good at the start of a server only. */
static bool read_file(void)
{
    struct rdb_load before = snapshot.load;
    snapshot.load.keys = -1;
    bool done = snapshot_read() && snapshot.load.keys >= 0;
    if (snapshot.load.keys < 0)
        snapshot.load = before;
    return done;
}

/* Loads the file in place of what there is, or beside it. */
static bool reload(int flags)
{
    struct dict *taken = NULL;
    if (flags & RELOAD_NOFLUSH)
        taken = take_keys();
    for (int i = 0; i < db_count(); i++)
        db_clear(db_at(i));
    bool done = read_file();
    if (taken)
        put_keys_back(taken);
    for (int i = 0; i < db_count(); i++)
        key_changed(db_at(i), (struct slice){NULL, 0}, NULL);
    return done;
}

/* DEBUG RELOAD [MERGE | NOFLUSH | NOSAVE ...]: saves and loads. Where NOFLUSH
 * keeps the keys that there are, the file's win. */
static void debug_reload(struct client *c)
{
    int flags = 0;
    for (int i = 2; i < c->argc; i++) {
        const struct choice *option = choice_find(reload_options, c->argv[i]);
        if (!option) {
            reply_error(c, "ERR DEBUG RELOAD only supports the MERGE, NOFLUSH "
                           "and NOSAVE options.");
            return;
        }
        flags |= option->value;
    }
    /* A child that ends between save and load would bring older data back. */
    if (!(flags & RELOAD_NOSAVE))
        snapshot_abort();
    if (!(flags & RELOAD_NOSAVE) && !snapshot_save()) {
        reply_error(c, "ERR");
        return;
    }
    uint64_t unsaved = keyspace_changes() - snapshot.saved_changes;
    bool done = reload(flags);
    snapshot.saved_changes = keyspace_changes() - unsaved;
    if (!done) {
        reply_error(c, "ERR Error trying to load the RDB dump");
    } else {
        log_write(LOG_WARNING, "DB reloaded by DEBUG RELOAD");
        reply_ok(c);
    }
}

static const struct debug_row reload_rows[] = {
    {{.name = "debug|reload", .arity = -2, .handler = debug_reload},
     "[option ...]",
     "Saves the data and loads it again."},
    {{.name = NULL}, NULL, NULL},
};

/* Saves before SHUTDOWN, if the options or the save points say so; but never a
 * part of the data in place of all that the file has. */
static bool save_at_shutdown(unsigned flags)
{
    bool saves = flags & SHUTDOWN_SAVE ||
                 (snapshot_has_points() && !(flags & SHUTDOWN_NOSAVE));
    if (loading_stop())
        return true;
    snapshot_abort();
    if (!saves)
        return true;
    log_write(LOG_NOTICE, "Saving the final RDB snapshot before exiting.");
    if (snapshot_save())
        return true;
    log_write(LOG_WARNING, "Error trying to save the DB, can't exit.");
    return flags & SHUTDOWN_FORCE;
}

/* A signal is a SHUTDOWN without options. */
static bool end_at_signal(void)
{
    return shutdown_finish(0);
}

void reload_open(void)
{
    server_on_stop(end_at_signal);
    debug_add(reload_rows);
    shutdown_prepare(save_at_shutdown);
}
