#include "more/06-sorted-sets/store/geo_search.h"

#include "common/zmalloc.h"
#include "more/06-sorted-sets/store/sort_range.h"
#include "store/zset.h"

enum { FIRST_CAPACITY = 8 };

/* Adds a member to what was found. */
static void add(struct geo_points *found, struct slice member,
                struct geo_point point)
{
    if (found->count == found->capacity) {
        found->capacity = found->count ? found->count * 2 : FIRST_CAPACITY;
        found->points =
            zrealloc(found->points, found->capacity * sizeof *found->points);
    }
    point.at = found->members.len;
    point.len = member.len;
    buffer_append_slice(&found->members, member);
    buffer_append(&found->members, "", 1); /* so that it is never NULL */
    found->points[found->count++] = point;
}

/* Returns the bound before the first score of a cell. */
static struct bound bound_before(struct geo_cell cell)
{
    return (struct bound){.by_score = true, .score = geo_cell_score(cell)};
}

/* Goes over the members of a cell. Returns false if the limit is reached. */
static bool search_cell(struct geo_points *found, const struct entry *e,
                        struct geo_cell cell, const struct geo_shape *shape,
                        size_t limit)
{
    struct geo_cell next = {cell.bits + 1, cell.steps};
    struct bound from = bound_before(cell), to = bound_before(next);
    size_t rank = zset_rank(e, &from);
    struct zset_iterator it;
    struct slice member;
    struct geo_point point;
    zset_iterate(&it, e, rank, zset_rank(e, &to) - rank, false);
    while (zset_next(&it, &member, &point.score)) {
        point.place = geo_place_of(point.score);
        if (geo_shape_has(shape, point.place, &point.distance))
            add(found, member, point);
        if (limit && found->count == limit)
            return false;
    }
    return true;
}

void geo_search(struct geo_points *found, const struct entry *e,
                const struct geo_shape *shape, size_t limit)
{
    struct geo_cell cells[GEO_CELLS_MAX];
    int count = geo_shape_cells(shape, cells);
    *found = (struct geo_points){0};
    for (int i = 0; i < count; i++) {
        if (!search_cell(found, e, cells[i], shape, limit))
            return;
    }
}

static int compare_distances(const void *left, const void *right)
{
    const struct geo_point *a = left, *b = right;
    return (a->distance > b->distance) - (a->distance < b->distance);
}

static int compare_backwards(const void *left, const void *right)
{
    return compare_distances(right, left);
}

void geo_points_sort(struct geo_points *found, bool is_descending,
                     size_t wanted)
{
    sort_range(found->points, found->count, sizeof *found->points,
               is_descending ? compare_backwards : compare_distances, 0,
               wanted);
}

struct slice geo_point_member(const struct geo_points *found, size_t index)
{
    const struct geo_point *point = &found->points[index];
    return (struct slice){found->members.data + point->at, point->len};
}

void geo_points_free(struct geo_points *found)
{
    zfree(found->points);
    buffer_free(&found->members);
}
