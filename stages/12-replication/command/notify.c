/* The parameter is a set of letters: K and E for the two messages, and one for
 * each class of events. A is all classes but the last two. */
#include "command/notify.h"

#include <string.h>

#include "command/pubsub.h"
#include "store/keyspace.h"

/* Bit i of the set is letter i. */
static const char letters[] = "g$lshzxetdnKEm";
enum { ALL_COUNT = 10, KEYSPACE = 1 << 11, KEYEVENT = 1 << 12 };
enum { ALL = (1 << ALL_COUNT) - 1 };

static unsigned chosen; /* by the parameter; 0: no notifications */

/* The events of each class. */
static const struct {
    char letter;
    const char *events; /* with a space before and after each */
} classes[] = {
    {'$', " set append incrby incrbyfloat setrange "},
    {'g', " del expire persist rename_from rename_to copy_to move_from "
          "move_to restore "},
    {'x', " expired "},
    {'e', " evicted "},
    {'l', " lpush rpush lpop rpop linsert lset lrem ltrim sortstore "},
    {'s', " sadd srem spop sinterstore sunionstore sdiffstore "},
    {'h', " hset hdel hincrby hincrbyfloat "},
    {'z', " zadd zincr zrem zremrangebyscore zremrangebyrank "
          "zremrangebylex zpopmin zpopmax zrangestore zunionstore "
          "zinterstore zdiffstore geosearchstore georadiusstore "},
    {'t', " xadd xtrim xdel xsetid xgroup-create xgroup-destroy "
          "xgroup-setid xgroup-createconsumer xgroup-delconsumer "},
    {'n', " new "},
    {'m', " keymiss "},
};

/* Returns the bit of a letter, 0 if it is none. */
static unsigned bit_of(char letter)
{
    const char *at = letter ? strchr(letters, letter) : NULL;
    return at ? 1U << (at - letters) : 0;
}

/* Returns the bit of the class that an event belongs to. */
static unsigned class_of(const char *event)
{
    size_t len = strlen(event);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        const char *at = classes[i].events;
        while ((at = strstr(at, event))) {
            if (at[-1] == ' ' && at[len] == ' ')
                return bit_of(classes[i].letter);
            at++;
        }
    }
    return 0;
}

/* Publishes on the channel that ends with that subject. */
static void publish_about(const struct db *db, const char *kind,
                          struct slice subject, struct slice message)
{
    struct buffer channel = {0};
    buffer_printf(&channel, "__%s@%d__:", kind, db->id);
    buffer_append_slice(&channel, subject);
    publish(buffer_slice(&channel), message);
    buffer_free(&channel);
}

/* Called with each change, and with each event that is none. */
static void notify(struct db *db, struct slice key, const char *event)
{
    if (chosen == 0 || !key.ptr || !event || !(chosen & class_of(event)))
        return;
    if (chosen & KEYSPACE)
        publish_about(db, "keyspace", key, slice_of(event));
    if (chosen & KEYEVENT)
        publish_about(db, "keyevent", slice_of(event), key);
}

/* Called with each key that the server itself has removed. */
static void notify_removal(struct db *db, struct slice key, enum removal why)
{
    notify(db, key, why == REMOVAL_BY_EVICTION ? "evicted" : "expired");
}

void notify_open(void)
{
    keyspace_observe(notify);
    keyspace_on_event(notify);
    keyspace_on_removed(notify_removal);
}

/* notify-keyspace-events letters */
static bool set_classes(const struct slice *words, int count,
                        const char **error)
{
    (void)count;
    unsigned set = 0;
    for (size_t i = 0; i < words[0].len; i++) {
        unsigned bits = words[0].ptr[i] == 'A' ? ALL : bit_of(words[0].ptr[i]);
        if (!bits)
            return config_fail(error, "Invalid event class character. Use "
                                      "'Ag$lshzxeKEtmdn'.");
        set |= bits;
    }
    chosen = set;
    return true;
}

/* Writes the letters in their order; A stands for those before n and for n. */
static void get_classes(struct buffer *out)
{
    bool is_all = (chosen & ALL) == ALL;
    if (is_all)
        buffer_append_text(out, "A");
    for (int i = is_all ? ALL_COUNT + 1 : 0; letters[i]; i++) {
        if (chosen & 1U << i)
            buffer_append(out, &letters[i], 1);
    }
}

const struct config_row notify_config[] = {
    {.name = "notify-keyspace-events",
     .type = CONFIG_SPECIAL,
     .fallback = "",
     .set = set_classes,
     .get = get_classes},
    {.name = NULL},
};
