/* lazyfree, inside: two queues, whose order no client sees. Entries are linked
 * by the link that they had in their dict.
 *
 * A dict of keys may have entries with large values. One whose turn comes is
 * taken out of the dict, and waits among the others then. */
#include "store/lazyfree.h"

#include "common/zmalloc.h"
#include "store/type.h"

enum {
    AT_ONCE = 64, /* elements; what has more is large, as in Redis */
    STEP_ELEMENTS = 256,
    STEP_KEYS = 16 /* buckets, each with a key or two of up to AT_ONCE */
};

/* A dict of keys that waits. */
struct waiting_dict {
    struct dict keys;
    struct waiting_dict *next;
};

struct lazyfree lazyfree;
static struct entry *entries;
static struct waiting_dict *dicts;

/* Frees about so many elements of a value. Returns whether there are more. */
static bool free_some(struct entry *e, size_t count)
{
    const struct type_row *row = &type_rows[e->type];
    return row->free_some && row->free_some(e, count);
}

/* Puts an entry that has elements left into the queue. */
static void put_off(struct entry *e)
{
    e->node.next = entries ? &entries->node : NULL;
    entries = e;
}

void lazyfree_entry(struct entry *e)
{
    if (free_some(e, AT_ONCE)) {
        put_off(e);
        lazyfree.put_off++;
    } else {
        entry_free(e);
    }
}

/* What dict_free_some calls for each entry of a dict that waits: it was counted
 * with the dict. */
static void free_key(struct dict_node *node)
{
    struct entry *e = (struct entry *)node;
    if (free_some(e, AT_ONCE)) {
        put_off(e);
    } else {
        entry_free(e);
        lazyfree.freed++;
    }
}

static const struct dict_type waiting_type = {.free = free_key};

void lazyfree_keys(struct dict *keys)
{
    if (dict_count(keys) == 0) {
        dict_free(keys);
        return;
    }
    struct waiting_dict *waiting = zmalloc(sizeof *waiting);
    waiting->keys = *keys;
    waiting->keys.type = &waiting_type;
    waiting->next = dicts;
    dicts = waiting;
    lazyfree.put_off += dict_count(keys);
    dict_init(keys, keys->type);
}

bool lazyfree_step(void)
{
    if (entries) {
        struct entry *e = entries;
        if (!free_some(e, STEP_ELEMENTS)) {
            entries = (struct entry *)e->node.next;
            entry_free(e);
            lazyfree.freed++;
        }
        return true;
    }
    if (!dicts)
        return false;
    struct waiting_dict *waiting = dicts;
    if (!dict_free_some(&waiting->keys, STEP_KEYS)) {
        dicts = waiting->next;
        zfree(waiting);
    }
    return true;
}
