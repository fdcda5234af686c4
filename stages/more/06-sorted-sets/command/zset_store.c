#include "more/06-sorted-sets/command/zset_store.h"

#include "more/02-keyspace/store/copy.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/settings.h"
#include "store/type.h"
#include "store/zset.h"

struct entry *create_result(struct slice key, size_t count, size_t longest)
{
    struct entry *result = zset_create(key);
    if (count > (uint64_t)store_settings.zset_pack_entries ||
        longest > (uint64_t)store_settings.zset_pack_value)
        zset_convert(result);
    return result;
}

void store_zset_and_reply(struct client *c, struct entry *result,
                          const char *event)
{
    struct slice target = entry_key(result);
    size_t length = zset_length(result);
    reply_integer(c, (int64_t)length);
    if (length > 0) {
        db_store(c->db, result);
        key_changed(c->db, target, event);
        return;
    }
    if (db_unlink(c->db, target))
        key_changed(c->db, target, "del");
    entry_free(result);
}
