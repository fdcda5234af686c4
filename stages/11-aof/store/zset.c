/* zset, inside: a change first finds the member, then asks the rules, then puts
 * the element where its score belongs.
 *
 * In a listpack an element is two: the member, and the text of its score, which
 * is short because the listpack keeps integers in a few bytes. To change a
 * score there is to delete both and insert them again.
 *
 * In a skip list the node is taken out and linked in somewhere else. The dict
 * does not notice: its nodes are found by their members, which stay. */
#include "store/zset.h"

#include <math.h>

#include "common/zmalloc.h"
#include "store/listpack.h"
#include "store/settings.h"

enum { PACK_BYTES_MAX = 1 << 30 }; /* whatever the settings allow */

#define WHOLE_MAX 0x1p62 /* a larger score is never kept as an integer */

/* What the dict calls for the member of a node. */
static struct slice node_member(const struct dict_node *node)
{
    return skip_node_member((const struct skip_node *)node);
}

/* What dict_free calls for each node: the skip list is freed with it. */
static void node_free(struct dict_node *node)
{
    zfree(node);
}

static const struct dict_type members_type = {.key = node_member,
                                              .free = node_free};

struct entry *zset_create(struct slice key)
{
    struct entry *e = entry_create(key, TYPE_ZSET, ENCODING_LISTPACK);
    entry_set_pointer(e, listpack_create());
    return e;
}

static bool is_packed(const struct entry *e)
{
    return e->encoding == ENCODING_LISTPACK;
}

size_t zset_length(const struct entry *e)
{
    if (!e)
        return 0;
    return is_packed(e)
               ? listpack_count(entry_pointer(e)) / 2
               : dict_count(&((const struct zset *)entry_pointer(e))->members);
}

/* Returns the score of a packed element, from the position of its member. */
static double packed_score(const uint8_t *pack, size_t at)
{
    char scratch[INT64_TEXT_MAX];
    double score = 0;
    parse_double(listpack_get(pack, listpack_next(pack, at), scratch), &score);
    return score;
}

bool zset_score(const struct entry *e, struct slice member, double *score)
{
    if (!e)
        return false;
    if (!is_packed(e)) {
        struct zset *z = entry_pointer(e);
        struct dict_node *node = dict_find(&z->members, member);
        if (node)
            *score = ((const struct skip_node *)node)->score;
        return node;
    }
    const uint8_t *pack = entry_pointer(e);
    size_t at = listpack_find(pack, member, 2);
    bool found = at != listpack_end(pack);
    if (found)
        *score = packed_score(pack, at);
    return found;
}

/* Finds the first packed element after a bound. Writes its position and returns
 * its rank. */
static size_t find_packed(const uint8_t *pack, const struct bound *b,
                          size_t *position)
{
    size_t at = listpack_first(pack), end = listpack_end(pack), rank = 0;
    for (; at != end; rank++) {
        char scratch[INT64_TEXT_MAX];
        struct slice member = listpack_get(pack, at, scratch);
        if (!bound_is_after(b, packed_score(pack, at), member))
            break;
        at = listpack_next(pack, listpack_next(pack, at));
    }
    *position = at;
    return rank;
}

size_t zset_rank(const struct entry *e, const struct bound *b)
{
    struct skip_path path;
    size_t position;
    if (!e)
        return 0;
    if (is_packed(e))
        return find_packed(entry_pointer(e), b, &position);
    const struct zset *z = entry_pointer(e);
    return skiplist_find(z->head, b, &path);
}

/* Links a node in where its score belongs. */
static void link_node(struct zset *z, struct skip_node *node)
{
    struct skip_path path;
    struct bound b = bound_of(node->score, skip_node_member(node));
    skiplist_find(z->head, &b, &path);
    skiplist_link(node, &path);
}

/* Takes a node out of the skip list. It is still in the dict, or was. */
static void unlink_node(struct zset *z, const struct skip_node *node)
{
    struct skip_path path;
    struct bound b = bound_of(node->score, skip_node_member(node));
    skiplist_find(z->head, &b, &path);
    skiplist_unlink(&path);
}

/* Adds an element whose member is new. */
static void insert(struct zset *z, struct slice member, double score,
                   uint64_t hash)
{
    struct skip_node *node = skip_node_create(member, score);
    dict_insert(&z->members, &node->node, hash);
    link_node(z, node);
}

void zset_convert(struct entry *e)
{
    struct zset *z = zmalloc(sizeof *z);
    struct zset_iterator it;
    struct slice member;
    double score;
    dict_init(&z->members, &members_type);
    z->head = skiplist_create();
    zset_iterate(&it, e, 0, zset_length(e), false);
    while (zset_next(&it, &member, &score))
        insert(z, member, score, dict_hash(member));
    zfree(entry_pointer(e));
    e->encoding = ENCODING_SKIPLIST;
    entry_set_pointer(e, z);
}

/* Returns whether a listpack may have one more element, with that member. */
static bool has_room(const uint8_t *pack, struct slice member)
{
    return listpack_count(pack) / 2 <
               (uint64_t)store_settings.zset_pack_entries &&
           member.len <= (uint64_t)store_settings.zset_pack_value &&
           listpack_bytes(pack) + member.len <= PACK_BYTES_MAX;
}

/* Writes the text of a score for a listpack: of a whole number all digits,
 * since the listpack keeps it as an integer then. So -0 becomes 0. */
static size_t write_score(char out[DOUBLE_TEXT_MAX], double score)
{
    bool is_whole = fabs(score) <= WHOLE_MAX && score == trunc(score);
    return is_whole ? format_int64(out, (int64_t)score)
                    : format_double(out, score);
}

/* Returns a listpack with one more element, where its score belongs. */
static uint8_t *insert_packed(uint8_t *pack, struct slice member, double score)
{
    char text[DOUBLE_TEXT_MAX];
    struct slice written = {text, write_score(text, score)};
    struct bound b = bound_of(score, member);
    size_t at;
    find_packed(pack, &b, &at);
    pack = listpack_insert(pack, at, member);
    return listpack_insert(pack, listpack_next(pack, at), written);
}

/* Asks the rules about a member that has the score *old, NULL if it is new. */
static enum zset_outcome judge(unsigned rules, const double *old, double *score)
{
    if (!old)
        return rules & ZSET_UPDATE_ONLY ? ZSET_REFUSED : ZSET_ADDED;
    if (rules & ZSET_ADD_ONLY)
        return ZSET_REFUSED;
    double wanted = rules & ZSET_INCREMENT ? *old + *score : *score;
    if (isnan(wanted))
        return ZSET_NOT_A_NUMBER;
    if ((rules & ZSET_IF_GREATER && wanted <= *old) ||
        (rules & ZSET_IF_LESS && wanted >= *old))
        return ZSET_REFUSED;
    *score = wanted;
    return wanted == *old ? ZSET_SAME : ZSET_UPDATED;
}

/* Adds to a sorted set that is not packed. */
static enum zset_outcome add_node(struct zset *z, struct slice member,
                                  double *score, unsigned rules)
{
    uint64_t hash = dict_hash(member);
    struct dict_node **link = dict_find_link(&z->members, member, hash);
    struct skip_node *node = link ? (struct skip_node *)*link : NULL;
    enum zset_outcome outcome = judge(rules, node ? &node->score : NULL, score);
    if (outcome == ZSET_ADDED) {
        insert(z, member, *score, hash);
    } else if (outcome == ZSET_UPDATED) {
        unlink_node(z, node);
        node->score = *score;
        link_node(z, node);
    }
    return outcome;
}

enum zset_outcome zset_add(struct entry *e, struct slice member, double *score,
                           unsigned rules)
{
    if (!is_packed(e))
        return add_node(entry_pointer(e), member, score, rules);
    uint8_t *pack = entry_pointer(e);
    size_t at = listpack_find(pack, member, 2);
    bool is_new = at == listpack_end(pack);
    double old = is_new ? 0 : packed_score(pack, at);
    enum zset_outcome outcome = judge(rules, is_new ? NULL : &old, score);
    if (outcome == ZSET_ADDED && !has_room(pack, member)) {
        zset_convert(e);
        insert(entry_pointer(e), member, *score, dict_hash(member));
    } else if (outcome == ZSET_ADDED || outcome == ZSET_UPDATED) {
        if (!is_new)
            pack = listpack_delete(pack, at, 2);
        entry_set_pointer(e, insert_packed(pack, member, *score));
    }
    return outcome;
}

bool zset_remove(struct entry *e, struct slice member)
{
    if (!is_packed(e)) {
        struct zset *z = entry_pointer(e);
        struct dict_node *node = dict_remove(&z->members, member);
        if (node)
            unlink_node(z, (struct skip_node *)node);
        zfree(node);
        return node;
    }
    uint8_t *pack = entry_pointer(e);
    size_t at = listpack_find(pack, member, 2);
    bool found = at != listpack_end(pack);
    if (found)
        entry_set_pointer(e, listpack_delete(pack, at, 2));
    return found;
}

void zset_iterate(struct zset_iterator *it, const struct entry *e, size_t rank,
                  size_t count, bool is_reverse)
{
    it->entry = e;
    it->left = count;
    it->is_reverse = is_reverse;
    if (count == 0)
        return;
    if (is_packed(e))
        it->at = listpack_seek(entry_pointer(e), rank * 2);
    else
        it->node = skiplist_seek(((struct zset *)entry_pointer(e))->head, rank);
}

/* Returns the position of the packed element after that of `at`, or before. */
static size_t step(const uint8_t *pack, size_t at, bool is_reverse)
{
    return is_reverse ? listpack_previous(pack, listpack_previous(pack, at))
                      : listpack_next(pack, listpack_next(pack, at));
}

/* Makes no step after the last element: before the first there is nothing. */
bool zset_next(struct zset_iterator *it, struct slice *member, double *score)
{
    if (it->left == 0)
        return false;
    it->left--;
    if (is_packed(it->entry)) {
        const uint8_t *pack = entry_pointer(it->entry);
        *member = listpack_get(pack, it->at, it->scratch);
        *score = packed_score(pack, it->at);
        if (it->left > 0)
            it->at = step(pack, it->at, it->is_reverse);
    } else {
        *member = skip_node_member(it->node);
        *score = it->node->score;
        it->node = it->is_reverse ? it->node->back : it->node->levels[0].next;
    }
    return true;
}

void zset_free(struct entry *e)
{
    if (!is_packed(e)) {
        struct zset *z = entry_pointer(e);
        dict_free(&z->members);
        zfree(z->head);
    }
    zfree(entry_pointer(e));
}

bool zset_free_some(struct entry *e, size_t count)
{
    struct zset *z = entry_pointer(e);
    return !is_packed(e) && dict_free_some(&z->members, count);
}
