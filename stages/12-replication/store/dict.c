/* dict, inside: two tables while a resize is under way, else one.
 *
 *   table[0]   [ ][ ][ ][ ][x][x][ ][x]      the buckets before next_to_move
 *                          ^ next_to_move    are empty
 *   table[1]   [x][ ][x][x][ ] ...           the nodes that have moved, and all
 *                                            that were inserted since
 *
 * So a node is in table[1], or in a bucket of table[0] that has not moved yet,
 * never in both. A search looks in table[0] only when the bucket of its hash is
 * not before next_to_move.
 *
 * A resize ends for certain: it moves one bucket at each search, and while it
 * lasts the table does not begin another. While `iterators` is not 0 nothing
 * moves, so a visitor sees each node of a bucket in one table only. */
#include "store/dict.h"

#include "common/random.h"
#include "common/siphash.h"
#include "common/zmalloc.h"
#include "store/memory.h"

enum {
    SIZE_MIN = 4,
    CROWDED_AT = 2, /* nodes for each bucket: it grows whatever that costs */
    SHRINK_WHEN = 8, /* buckets for each node */
    SHRINK_AT_MOST = 64, /* to a 64th: a step of a scan visits that many */
    EMPTY_VISITS_MAX = 10, /* empty buckets for each one that is to be moved */
    PREFETCH_AHEAD = 8, /* buckets */
    SAMPLE_VISITS_MAX = 10, /* buckets looked at for each node of a sample */
};

static uint8_t hash_key[SIPHASH_KEY_BYTES];
static bool hash_key_is_set;

/* SipHash, because with a hash that a client can compute it could choose keys
 * that all share one bucket. */
uint64_t dict_hash(struct slice key)
{
    return siphash(key.ptr, key.len, hash_key);
}

/* All dicts share one hash key, which is drawn when the first of them is made:
 * what a client learns about it is worthless after a restart. */
void dict_init(struct dict *d, const struct dict_type *type)
{
    if (!hash_key_is_set) {
        random_bytes(hash_key, sizeof hash_key);
        hash_key_is_set = true;
    }
    *d = (struct dict){.type = type};
}

/* The bucket of a hash, or of a cursor of a scan, in table t. The size is a
 * power of two, so a mask does the work of a division. */
static struct dict_node **bucket_of(const struct dict *d, int t, uint64_t hash)
{
    return &d->table[t][hash & (d->size[t] - 1)];
}

/* Frees the last bucket of table t, which gets shorter by it. */
static void free_bucket(struct dict *d, int t)
{
    struct dict_node *node = d->table[t][--d->size[t]];
    while (node) {
        struct dict_node *next = node->next;
        d->type->free(node);
        d->used[t]--;
        node = next;
    }
}

bool dict_free_some(struct dict *d, size_t buckets)
{
    for (int t = 0; t < 2; t++) {
        for (; d->size[t] > 0 && buckets > 0; buckets--)
            free_bucket(d, t);
        if (d->size[t] > 0)
            return true;
        zfree(d->table[t]);
        d->table[t] = NULL;
    }
    *d = (struct dict){.type = d->type};
    return false;
}

void dict_free(struct dict *d)
{
    dict_free_some(d, SIZE_MAX);
}

/* Both tables count, because a node is in one of them. */
size_t dict_count(const struct dict *d)
{
    return d->used[0] + d->used[1];
}

bool dict_is_rehashing(const struct dict *d)
{
    return d->table[1] != NULL;
}

/* Returns the smallest power of two that is no less than `count`. */
static size_t size_for(size_t count)
{
    size_t size = SIZE_MIN;
    while (size < count)
        size *= 2;
    return size;
}

/* Makes a table of that size. The very first one is used at once; a later one
 * is filled from the old table, bucket by bucket. */
static void begin_resize(struct dict *d, size_t size)
{
    int t = d->table[0] ? 1 : 0;
    d->table[t] = zcalloc(size, sizeof *d->table[t]);
    d->size[t] = size;
    d->next_to_move = 0;
}

/* Begins a resize if most buckets are empty, down to a 64th of the size at
 * most; if that is still too large, the end of the resize begins another. The
 * new table is twice as large as the nodes need: if it were just large enough,
 * the next few inserts would make it grow again. */
static void shrink_if_sparse(struct dict *d)
{
    if (dict_is_rehashing(d) || d->size[0] <= SIZE_MIN ||
        d->used[0] * SHRINK_WHEN > d->size[0])
        return;
    size_t size = size_for(d->used[0] * 2);
    size_t least = d->size[0] / SHRINK_AT_MOST;
    begin_resize(d, size > least ? size : least);
}

/* Moves the nodes of a bucket into table[1]. They are hashed anew, because a
 * node does not keep its hash: that would cost 8 bytes for each key. */
static void move_bucket(struct dict *d, size_t bucket)
{
    struct dict_node *node = d->table[0][bucket];
    while (node) {
        struct dict_node *next = node->next;
        uint64_t hash = dict_hash(d->type->key(node));
        struct dict_node **to = bucket_of(d, 1, hash);
        node->next = *to;
        *to = node;
        d->used[0]--;
        d->used[1]++;
        node = next;
    }
    d->table[0][bucket] = NULL;
}

/* While memory is shared a node that moves would copy a page, so the resize
 * waits, unless the chains of the new table become long meanwhile. */
static bool may_move(const struct dict *d)
{
    bool is_crowded = dict_count(d) >= d->size[1] * CROWDED_AT;
    return !d->iterators && (!memory_is_shared || is_crowded);
}

/* Empty buckets count only a tenth, but they do count: otherwise one call could
 * pass over a million of them. A bucket's first node is asked from memory some
 * steps before it is needed, because it is hardly ever in the cache. */
bool dict_rehash(struct dict *d, size_t buckets)
{
    if (!dict_is_rehashing(d) || !may_move(d))
        return false;
    size_t visits = buckets * EMPTY_VISITS_MAX;
    for (; buckets > 0 && visits > 0 && d->used[0] > 0; visits--) {
        if (d->table[0][d->next_to_move]) {
            move_bucket(d, d->next_to_move);
            buckets--;
        }
        size_t ahead = ++d->next_to_move + PREFETCH_AHEAD;
        if (ahead < d->size[0]) {
            __builtin_prefetch(d->table[0][ahead]);
            if (d->table[0][ahead - PREFETCH_AHEAD / 2])
                __builtin_prefetch(
                    d->table[0][ahead - PREFETCH_AHEAD / 2]->next);
        }
    }
    if (d->used[0] == 0) {
        zfree(d->table[0]);
        d->table[0] = d->table[1];
        d->size[0] = d->size[1];
        d->used[0] = d->used[1];
        d->table[1] = NULL;
        d->size[1] = 0;
        d->used[1] = 0;
        /* Nodes that were removed meanwhile may have left the new table
         * sparse, too. */
        shrink_if_sparse(d);
    }
    return true;
}

/* Returns the first table that may hold a node of that hash: 1 if the bucket in
 * table[0] has moved, else 0, after which table[1] is still to be searched. */
static int first_table(const struct dict *d, uint64_t hash)
{
    return dict_is_rehashing(d) && (hash & (d->size[0] - 1)) < d->next_to_move;
}

/* Has a loop of its own, because every lookup of a key ends here: that saves it
 * the call of find_link. */
struct dict_node *dict_find(struct dict *d, struct slice key)
{
    if (dict_count(d) == 0)
        return NULL;
    uint64_t hash = dict_hash(key);
    if (dict_is_rehashing(d))
        dict_rehash(d, 1);
    for (int t = first_table(d, hash); t < 2 && d->table[t]; t++) {
        struct dict_node *node = *bucket_of(d, t, hash);
        while (node && !slice_equal(d->type->key(node), key))
            node = node->next;
        if (node)
            return node;
    }
    return NULL;
}

/* Finds the pointer to the node of that key, in its bucket or in the node
 * before it, and the table that it belongs to. */
static struct dict_node **find_link(struct dict *d, struct slice key,
                                    uint64_t hash, int *table)
{
    if (dict_is_rehashing(d))
        dict_rehash(d, 1);
    for (int t = first_table(d, hash); t < 2 && d->table[t]; t++) {
        struct dict_node **link = bucket_of(d, t, hash);
        for (; *link; link = &(*link)->next) {
            if (slice_equal(d->type->key(*link), key)) {
                *table = t;
                return link;
            }
        }
    }
    return NULL;
}

struct dict_node **dict_find_link(struct dict *d, struct slice key,
                                  uint64_t hash)
{
    int table;
    return find_link(d, key, hash, &table);
}

/* A full table grows first, unless a resize is under way: that would have to be
 * finished at once, and longer chains for a while cost less. New nodes go into
 * the newest table, so that none has to be moved again.
 *
 * The dict's owner may refuse the new table: where memory is limited, a table
 * for a few nodes more could cost so much that thousands of keys would be
 * evicted for it. */
void dict_insert(struct dict *d, struct dict_node *node, uint64_t hash)
{
    if (!dict_is_rehashing(d) && d->used[0] >= d->size[0]) {
        size_t size = size_for(d->used[0] + 1);
        bool is_crowded = d->used[0] >= d->size[0] * CROWDED_AT;
        if (is_crowded || !d->type->may_grow ||
            d->type->may_grow(size * sizeof *d->table[0]))
            begin_resize(d, size);
    }
    int t = dict_is_rehashing(d) ? 1 : 0;
    struct dict_node **bucket = bucket_of(d, t, hash);
    node->next = *bucket;
    *bucket = node;
    d->used[t]++;
}

struct dict_node *dict_remove(struct dict *d, struct slice key)
{
    int table;
    struct dict_node **link = find_link(d, key, dict_hash(key), &table);
    if (!link)
        return NULL;
    struct dict_node *node = *link;
    *link = node->next;
    d->used[table]--;
    shrink_if_sparse(d);
    return node;
}

/* The chain still points to where the node was. So links are compared with that
 * address, and their nodes' keys are not read. */
void dict_moved(struct dict *d, const struct dict_node *from,
                struct dict_node *to)
{
    uint64_t hash = dict_hash(d->type->key(to));
    for (int t = 0; t < 2 && d->table[t]; t++) {
        struct dict_node **link = bucket_of(d, t, hash);
        while (*link && *link != from)
            link = &(*link)->next;
        if (*link) {
            *link = to;
            return;
        }
    }
}

/* The buckets of both tables are one row here. Neighbours are taken instead of
 * a random bucket for each node, because they share cache lines: a sample need
 * not be fair, only cheap. */
size_t dict_sample(struct dict *d, struct dict_node **out, size_t count)
{
    size_t buckets = d->size[0] + d->size[1];
    size_t found = 0;
    if (dict_count(d) == 0)
        return 0;
    size_t bucket = (size_t)random_below(buckets);
    size_t visits = count * SAMPLE_VISITS_MAX;
    for (; visits > 0 && found < count; visits--) {
        struct dict_node *node = bucket < d->size[0]
                                     ? d->table[0][bucket]
                                     : d->table[1][bucket - d->size[0]];
        for (; node && found < count; node = node->next)
            out[found++] = node;
        bucket = bucket + 1 < buckets ? bucket + 1 : 0;
    }
    return found;
}

/* Visits the nodes of the bucket that a cursor stands for in table t. */
static void visit_bucket(const struct dict *d, int t, uint64_t bucket,
                         dict_visit_fn *visit, void *context)
{
    struct dict_node *node = *bucket_of(d, t, bucket);
    while (node) {
        struct dict_node *next = node->next;
        visit(context, node);
        node = next;
    }
}

/* Adds one to the cursor with its bits reversed: the highest bit within the
 * mask changes first and carries downwards, as in 000, 100, 010, 110, 001.
 * Returns 0 after the last value. */
static uint64_t next_cursor(uint64_t cursor, uint64_t mask)
{
    uint64_t bit = (mask + 1) / 2;
    cursor &= mask;
    while (cursor & bit) {
        cursor ^= bit;
        bit /= 2;
    }
    return cursor | bit;
}

/* When a table doubles, bucket b splits into b and b + size: the new bit is the
 * highest. A cursor that counts from the highest bit down visits these two one
 * after the other, and everything before b in one size is before both of them
 * in the other. So what a scan has visited stays visited in any size, and what
 * is still to come is still to come. When a table halves, at most the two that
 * become one are visited again. (Pieter Noordhuis's idea; dictScan in dict.c of
 * Redis.)
 *
 * While a resize is under way a step visits one bucket of the smaller table and
 * all those of the larger one whose nodes would be in it. */
uint64_t dict_scan(struct dict *d, uint64_t cursor, dict_visit_fn *visit,
                   void *context)
{
    if (dict_count(d) == 0)
        return 0;
    d->iterators++;
    int small = 0;
    int large = 0;
    if (dict_is_rehashing(d)) {
        small = d->size[0] < d->size[1] ? 0 : 1;
        large = 1 - small;
    }
    uint64_t small_mask = d->size[small] - 1;
    uint64_t large_mask = d->size[large] - 1;
    visit_bucket(d, small, cursor, visit, context);
    if (small == large) {
        cursor = next_cursor(cursor, small_mask);
    } else {
        do {
            visit_bucket(d, large, cursor, visit, context);
            cursor = next_cursor(cursor, large_mask);
        } while (cursor & (small_mask ^ large_mask));
    }
    d->iterators--;
    return cursor;
}

void dict_each(struct dict *d, dict_visit_fn *visit, void *context)
{
    d->iterators++;
    for (int t = 0; t < 2; t++) {
        for (size_t bucket = 0; bucket < d->size[t]; bucket++)
            visit_bucket(d, t, bucket, visit, context);
    }
    d->iterators--;
}

void dict_iterate(struct dict_iterator *it, struct dict *d)
{
    *it = (struct dict_iterator){.dict = d};
    d->iterators++;
}

/* Goes down the chain of a bucket, then to the next bucket that has one. */
struct dict_node *dict_next(struct dict_iterator *it)
{
    while (it->dict && !it->next) {
        if (it->bucket < it->dict->size[it->table])
            it->next = it->dict->table[it->table][it->bucket++];
        else if (it->table++ == 0)
            it->bucket = 0;
        else
            dict_iterate_end(it);
    }
    struct dict_node *node = it->next;
    if (node)
        it->next = node->next;
    return node;
}

void dict_iterate_end(struct dict_iterator *it)
{
    if (it->dict)
        it->dict->iterators--;
    *it = (struct dict_iterator){.dict = NULL};
}
