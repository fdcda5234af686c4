/* geo_search: the members of a sorted set that are in a shape. */
#ifndef MORE_STORE_GEO_SEARCH_H
#define MORE_STORE_GEO_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/slice.h"
#include "more/06-sorted-sets/store/geo_shape.h"
#include "store/entry.h"

struct geo_point {
    size_t at, len; /* the member, in `members` */
    double score;
    double distance; /* from the center, in meters */
    struct geo_place place;
};

struct geo_points {
    struct geo_point *points;
    size_t count, capacity;
    struct buffer members; /* their bytes, with a zero behind each */
};

/* Finds the members of a sorted set that are in the shape; stops at `limit` of
 * them if it is not 0. They are in the order of the cells, and within a cell in
 * that of the scores. Costs what is in the cells, not what is in the sorted
 * set. geo_points_free must follow in the end. */
void geo_search(struct geo_points *found, const struct entry *e,
                const struct geo_shape *shape, size_t limit);

/* Sorts by distance, so that the first `wanted` of them are right. */
void geo_points_sort(struct geo_points *found, bool is_descending,
                     size_t wanted);

/* Returns the member of a point, valid until geo_points_free. */
struct slice geo_point_member(const struct geo_points *found, size_t index);
void geo_points_free(struct geo_points *found);

#endif
