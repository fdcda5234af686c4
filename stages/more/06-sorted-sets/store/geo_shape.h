/* geo_shape: a circle or a box on the map, and the cells that cover it.
 *
 *   +----+----+----+
 *   |    | __ |    |      The cells are chosen so large that the one with the
 *   +----+/  \+----+      center and its eight neighbors cover the shape. Each
 *   |    |\__/|    |      is one range of scores; those that the shape does not
 *   +----+----+----+      reach are left out, and what is found in the others
 *   |    |    |    |      is measured one by one.
 *   +----+----+----+
 *
 * Knows no sorted set and no command. */
#ifndef MORE_STORE_GEO_SHAPE_H
#define MORE_STORE_GEO_SHAPE_H

#include <stdbool.h>

#include "more/06-sorted-sets/store/geohash.h"

struct geo_shape {
    struct geo_place center;
    bool is_box;
    double radius; /* of a circle */
    double width, height; /* of a box */
    double unit; /* what these three are multiplied by: meters in one */
};

enum { GEO_CELLS_MAX = 9 };

/* Writes the cells that cover the shape, in the order in which Redis goes over
 * them: clients see it where they do not ask for another. Returns how many
 * there are. */
int geo_shape_cells(const struct geo_shape *shape,
                    struct geo_cell cells[GEO_CELLS_MAX]);

/* Returns whether the place is in the shape. *distance is that from the center
 * then, in meters. */
bool geo_shape_has(const struct geo_shape *shape, struct geo_place place,
                   double *distance);

#endif
