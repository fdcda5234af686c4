#include "store/dict.h"

#include "common/random.h"
#include "common/siphash.h"
#include "common/zmalloc.h"

enum {
    SIZE_MIN = 4,
    CROWDED_AT = 2, /* nodes to a bucket: it grows whatever that costs */
    SHRINK_WHEN = 8, /* that many buckets to a node */
    SHRINK_AT_MOST = 64, /* to that part: a step of a scan visits as many */
    EMPTY_VISITS_MAX = 10, /* of one step of a resize */
    PREFETCH_AHEAD = 8, /* buckets */
    SAMPLE_VISITS_MAX = 10, /* buckets looked at for each sample */
};

static uint8_t hash_key[SIPHASH_KEY_BYTES];
static bool hash_key_is_set;

uint64_t dict_hash(struct slice key)
{
    return siphash(key.ptr, key.len, hash_key);
}

/* The hash key is made once and serves all dicts: what an attacker would need
 * is new with each start of the server. */
void dict_init(struct dict *d, const struct dict_type *type)
{
    if (!hash_key_is_set) {
        random_bytes(hash_key, sizeof hash_key);
        hash_key_is_set = true;
    }
    *d = (struct dict){.type = type};
}

/* The size being a power of two, its mask is the division. */
static struct dict_node **bucket_of(const struct dict *d, int t, uint64_t hash)
{
    return &d->table[t][hash & (d->size[t] - 1)];
}

void dict_free(struct dict *d)
{
    for (int t = 0; t < 2; t++) {
        for (size_t bucket = 0; bucket < d->size[t]; bucket++) {
            struct dict_node *node = d->table[t][bucket];
            while (node) {
                struct dict_node *next = node->next;
                d->type->free(node);
                node = next;
            }
        }
        zfree(d->table[t]);
    }
    *d = (struct dict){.type = d->type};
}

size_t dict_count(const struct dict *d)
{
    return d->used[0] + d->used[1];
}

bool dict_is_rehashing(const struct dict *d)
{
    return d->table[1] != NULL;
}

/* The smallest power of two that is no less than `count`. */
static size_t size_for(size_t count)
{
    size_t size = SIZE_MIN;
    while (size < count)
        size *= 2;
    return size;
}

/* The first table needs no move. Every other one is filled from the old. */
static void begin_resize(struct dict *d, size_t size)
{
    int t = d->table[0] ? 1 : 0;
    d->table[t] = zcalloc(size, sizeof *d->table[t]);
    d->size[t] = size;
    d->next_to_move = 0;
}

/* Growing while a resize is under way would have to finish it first; the
 * chains are a little longer for that while instead. */
static void grow_if_full(struct dict *d)
{
    if (dict_is_rehashing(d) || d->used[0] < d->size[0])
        return;
    size_t size = size_for(d->used[0] + 1);
    bool is_crowded = d->used[0] >= d->size[0] * CROWDED_AT;
    if (is_crowded || !d->type->may_grow ||
        d->type->may_grow(size * sizeof *d->table[0]))
        begin_resize(d, size);
}

/* At most to a 64th at once; if that is still too large, the end of the
 * resize begins another. */
static void shrink_if_sparse(struct dict *d)
{
    if (dict_is_rehashing(d) || d->size[0] <= SIZE_MIN ||
        d->used[0] * SHRINK_WHEN > d->size[0])
        return;
    size_t size = size_for(d->used[0] * 2);
    size_t least = d->size[0] / SHRINK_AT_MOST;
    begin_resize(d, size > least ? size : least);
}

/* Nodes keep no hash: eight bytes a key are worth more than hashing twice. */
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

/* Asks memory for what the next calls will move. */
static void prefetch_moves(const struct dict *d)
{
    size_t next = d->next_to_move;
    if (next + PREFETCH_AHEAD >= d->size[0])
        return;
    __builtin_prefetch(d->table[0][next + PREFETCH_AHEAD]);
    if (d->table[0][next + PREFETCH_AHEAD / 2])
        __builtin_prefetch(d->table[0][next + PREFETCH_AHEAD / 2]->next);
}

/* Nodes that went meanwhile may have left the new table sparse, too. */
static void finish_resize(struct dict *d)
{
    zfree(d->table[0]);
    d->table[0] = d->table[1];
    d->size[0] = d->size[1];
    d->used[0] = d->used[1];
    d->table[1] = NULL;
    d->size[1] = 0;
    d->used[1] = 0;
    shrink_if_sparse(d);
}

bool dict_rehash(struct dict *d, size_t buckets)
{
    if (!dict_is_rehashing(d) || d->iterators)
        return false;
    size_t visits = buckets * EMPTY_VISITS_MAX;
    while (buckets > 0 && visits > 0 && d->used[0] > 0) {
        if (d->table[0][d->next_to_move]) {
            move_bucket(d, d->next_to_move);
            buckets--;
        }
        d->next_to_move++;
        visits--;
        prefetch_moves(d);
    }
    if (d->used[0] == 0)
        finish_resize(d);
    return true;
}

/* The first table that may hold a node of that hash: while table[0] is moved,
 * the beginning of it is empty. */
static int first_table(const struct dict *d, uint64_t hash)
{
    return dict_is_rehashing(d) && (hash & (d->size[0] - 1)) < d->next_to_move;
}

/* Finds the link to the node of that key and the table in which it is. */
static struct dict_node **find_in(struct dict *d, struct slice key,
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
    return find_in(d, key, hash, &table);
}

struct dict_node *dict_find(struct dict *d, struct slice key)
{
    if (dict_count(d) == 0)
        return NULL;
    struct dict_node **link = dict_find_link(d, key, dict_hash(key));
    return link ? *link : NULL;
}

void dict_insert(struct dict *d, struct dict_node *node, uint64_t hash)
{
    grow_if_full(d);
    int t = dict_is_rehashing(d) ? 1 : 0;
    struct dict_node **bucket = bucket_of(d, t, hash);
    node->next = *bucket;
    *bucket = node;
    d->used[t]++;
}

struct dict_node *dict_remove(struct dict *d, struct slice key)
{
    int table;
    struct dict_node **link = find_in(d, key, dict_hash(key), &table);
    if (!link)
        return NULL;
    struct dict_node *node = *link;
    *link = node->next;
    d->used[table]--;
    shrink_if_sparse(d);
    return node;
}

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

/* The cursor is cut to the bits that count in this table. */
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

/* Adds one to the cursor from its highest bit within the mask downwards; 0 when
 * it has been through all values. */
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

/* The cursor counts with its bits reversed: the buckets into which one bucket
 * splits when the table doubles follow each other, and so do those that become
 * one when it halves. What was visited in one size is thereby visited in any
 * other. (The idea is Pieter Noordhuis's; dictScan in dict.c.) */
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
        /* All buckets of the larger table that the small one's stands for. */
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
