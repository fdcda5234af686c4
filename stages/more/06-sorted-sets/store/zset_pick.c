/* zset_pick, inside: of few wanted ones the ranks are drawn, and the same one
 * again does not count. Many are chosen by one pass, in which each element is
 * taken with the chance that is right for what is still wanted of what is still
 * to come. */
#include "more/06-sorted-sets/store/zset_pick.h"

#include "common/random.h"
#include "store/field.h"
#include "store/zset.h"

enum { FEW = 3 /* a third of all, or less */ };

/* Passes the element of a rank on. */
static bool pass_on(const struct entry *e, size_t rank, element_fn *fn,
                    void *context)
{
    struct zset_iterator it;
    struct slice member;
    double score;
    zset_iterate(&it, e, rank, 1, false);
    zset_next(&it, &member, &score);
    return fn(context, member, score);
}

void zset_pick_any(const struct entry *e, size_t count, element_fn *fn,
                   void *context)
{
    size_t all = zset_length(e);
    bool goes_on = true;
    for (; count > 0 && goes_on; count--)
        goes_on = pass_on(e, (size_t)random_below(all), fn, context);
}

/* Draws that many ranks, each one once. */
static void draw_ranks(const struct entry *e, size_t count, element_fn *fn,
                       void *context)
{
    struct dict *seen = fields_create();
    bool goes_on = true;
    while (count > 0 && goes_on) {
        size_t rank = (size_t)random_below(zset_length(e));
        struct slice name = {(const char *)&rank, sizeof rank};
        if (fields_set(seen, name, SLICE(""))) {
            goes_on = pass_on(e, rank, fn, context);
            count--;
        }
    }
    fields_free(seen);
}

void zset_pick_distinct(const struct entry *e, size_t count, element_fn *fn,
                        void *context)
{
    size_t left = zset_length(e);
    struct zset_iterator it;
    struct slice member;
    double score;
    if (count <= left / FEW) {
        draw_ranks(e, count, fn, context);
        return;
    }
    zset_iterate(&it, e, 0, left, false);
    while (count > 0 && zset_next(&it, &member, &score)) {
        if (random_below(left--) >= count)
            continue;
        fn(context, member, score);
        count--;
    }
}
