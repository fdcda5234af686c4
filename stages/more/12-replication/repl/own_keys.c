/* own_keys: the keys that clients write on a replica that they may write to.
 *
 * A replica removes no key by itself: the primary says when its time is over.
 * But of a key that was written here the primary knows nothing. So the names of
 * those that have an expiration time are kept, and looked at now and then. A
 * read of one that is over finds nothing, and leaves it.
 * (expire.c:expireSlaveKeys in Redis.) */
#include <string.h>

#include "command/command.h"
#include "command/transaction.h"
#include "common/zmalloc.h"
#include "more/02-keyspace/command/info.h"
#include "more/12-replication/repl/families.h"
#include "net/client.h"
#include "net/timers.h"
#include "repl/link.h"
#include "store/dict.h"
#include "store/keyspace.h"

enum { PERIOD_MS = 100, LOOKS = 64, DBS_MAX = 64 };

/* The name of a key, behind the number of its database in one byte. */
struct own_key {
    struct dict_node node;
    size_t len;
    char name[];
};

static struct slice name_of(const struct dict_node *node)
{
    const struct own_key *own = (const struct own_key *)node;
    return (struct slice){own->name, own->len};
}

static const struct dict_type own_type = {.key = name_of};
static struct dict names = {.type = &own_type};
static bool command_writes; /* that of the client that was checked last */

/* Returns the entry of a key, over or not, or NULL. */
static struct entry *look_at(struct db *db, struct slice key)
{
    return (struct entry *)dict_find(&db->keys, key);
}

/* Called with each change. */
static void note_change(struct db *db, struct slice key, const char *event)
{
    (void)event;
    if (!link_up.host || is_replay || !key.ptr || db->id >= DBS_MAX)
        return;
    const struct entry *e = look_at(db, key);
    if (!e || !entry_is_volatile(e))
        return;
    struct own_key *own = zmalloc(sizeof *own + 1 + key.len);
    own->len = 1 + key.len;
    own->name[0] = (char)db->id;
    memcpy(own->name + 1, key.ptr, key.len);
    if (dict_find(&names, name_of(&own->node)))
        zfree(own);
    else
        dict_insert(&names, &own->node, dict_hash(name_of(&own->node)));
}

/* Removes the key if its time is over. Returns whether its name is of no use
 * any more. */
static bool is_settled(struct slice name)
{
    struct db *db = db_at(name.ptr[0]);
    struct entry *e = look_at(db, (struct slice){name.ptr + 1, name.len - 1});
    if (!e || !entry_is_volatile(e))
        return true;
    if (!entry_is_expired(e))
        return false;
    db_remove(db, e, REMOVAL_BY_CYCLE);
    return true;
}

/* A timer. On a primary the cycle finds these keys like all others. */
static int64_t look_at_some(void *owner)
{
    (void)owner;
    struct dict_node *node;
    for (int i = 0; i < LOOKS && dict_sample(&names, &node, 1); i++) {
        if (!link_up.host || is_settled(name_of(node)))
            zfree(dict_remove(&names, name_of(node)));
    }
    return PERIOD_MS;
}

/* What a client only reads is not removed on a replica. */
static bool allow_removal(enum removal why)
{
    return why != REMOVAL_BY_LOOKUP || !link_up.host || command_writes;
}

void own_keys_check(const struct client *c)
{
    command_writes = !link_up.host || transaction_flags(c) & CMD_WRITE;
}

static void append_stats(struct buffer *out)
{
    info_field(out, "slave_expires_tracked_keys", (int64_t)dict_count(&names));
}

void own_keys_open(void)
{
    keyspace_observe(note_change);
    keyspace_allow_removal(allow_removal);
    timer_start(PERIOD_MS, look_at_some, NULL);
    info_extend("Stats", append_stats);
}
