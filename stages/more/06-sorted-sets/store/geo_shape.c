#include "more/06-sorted-sets/store/geo_shape.h"

#include <math.h>

/* Half the length of the map, in the meters of its own projection. */
#define MAP_METERS_MAX 20037726.37

/* Latitudes beyond which cells are much narrower than at the equator. */
enum { NARROW = 66, VERY_NARROW = 80 };

/* The neighbors of a cell in the order in which they are searched. */
static const struct direction {
    int east, north;
} directions[GEO_CELLS_MAX] = {
    {0, 0}, /* the cell itself */
    {0, 1}, {0, -1}, {1, 0},  {-1, 0}, /* beside it */
    {1, 1}, {-1, 1}, {1, -1}, {-1, -1}, /* corners */
};

/* Returns how deep cells may be of which three side by side are as long as the
 * shape, wherever in the middle one its center is. */
static int steps_for(double radius, double latitude)
{
    int steps = -1;
    if (radius == 0)
        return GEO_STEPS_MAX;
    while (radius < MAP_METERS_MAX) {
        radius *= 2;
        steps++;
    }
    if (fabs(latitude) > NARROW)
        steps--;
    if (fabs(latitude) > VERY_NARROW)
        steps--;
    if (steps < 1)
        return 1;
    return steps < GEO_STEPS_MAX ? steps : GEO_STEPS_MAX;
}

/* Returns the smallest area with the shape in it, which may reach beyond the
 * map. A degree of longitude is shortest at the edge that is farther from the
 * equator. */
static struct geo_area bounds_of(const struct geo_shape *shape)
{
    struct geo_place center = shape->center;
    double height =
        shape->unit * (shape->is_box ? shape->height / 2 : shape->radius);
    double width =
        shape->unit * (shape->is_box ? shape->width / 2 : shape->radius);
    double north = geo_degrees(height);
    double edge = center.latitude + (center.latitude < 0 ? -north : north);
    double east = geo_degrees(width / geo_cosine(edge));
    return (struct geo_area){
        .min = {center.longitude - east, center.latitude - north},
        .max = {center.longitude + east, center.latitude + north},
    };
}

/* Returns whether a cell and its neighbors reach to all edges of the bounds. */
static bool covers(struct geo_cell cell, const struct geo_area *bounds)
{
    struct geo_area north = geo_cell_area(geo_cell_beside(cell, 0, 1));
    struct geo_area south = geo_cell_area(geo_cell_beside(cell, 0, -1));
    struct geo_area east = geo_cell_area(geo_cell_beside(cell, 1, 0));
    struct geo_area west = geo_cell_area(geo_cell_beside(cell, -1, 0));
    return north.max.latitude >= bounds->max.latitude &&
           south.min.latitude <= bounds->min.latitude &&
           east.max.longitude >= bounds->max.longitude &&
           west.min.longitude <= bounds->min.longitude;
}

/* Returns whether the shape does not reach into the neighbor that is in this
 * direction from the cell's area, because the cell ends behind the bounds. */
static bool is_out_of_reach(struct direction d, const struct geo_area *area,
                            const struct geo_area *bounds)
{
    return (d.north < 0 && area->min.latitude < bounds->min.latitude) ||
           (d.north > 0 && area->max.latitude > bounds->max.latitude) ||
           (d.east < 0 && area->min.longitude < bounds->min.longitude) ||
           (d.east > 0 && area->max.longitude > bounds->max.longitude);
}

/* Returns whether the two are the same: on a map of four cells the neighbor in
 * the east is the one in the west. */
static bool is_same(struct geo_cell a, struct geo_cell b)
{
    return a.bits == b.bits && a.steps == b.steps;
}

/* Returns how far the corners of a box are from its center, in its unit. */
static double box_reach(const struct geo_shape *box)
{
    double width = box->width / 2, height = box->height / 2;
    return sqrt(width * width + height * height);
}

int geo_shape_cells(const struct geo_shape *shape,
                    struct geo_cell cells[GEO_CELLS_MAX])
{
    double reach = shape->is_box ? box_reach(shape) : shape->radius;
    int steps = steps_for(reach * shape->unit, shape->center.latitude);
    struct geo_area bounds = bounds_of(shape);
    struct geo_cell cell = geo_cell_at(shape->center, steps);
    if (steps > 1 && !covers(cell, &bounds))
        cell = geo_cell_at(shape->center, --steps);
    struct geo_area area = geo_cell_area(cell);
    int count = 0;
    for (int i = 0; i < GEO_CELLS_MAX; i++) {
        struct direction d = directions[i];
        if (steps >= 2 && is_out_of_reach(d, &area, &bounds))
            continue;
        struct geo_cell next = geo_cell_beside(cell, d.east, d.north);
        if (count < 2 || !is_same(next, cells[count - 1]))
            cells[count++] = next;
    }
    return count;
}

bool geo_shape_has(const struct geo_shape *shape, struct geo_place place,
                   double *distance)
{
    struct geo_place center = shape->center;
    if (shape->is_box) {
        struct geo_place below = {center.longitude, place.latitude};
        double height = shape->height * shape->unit;
        double width = shape->width * shape->unit;
        if (geo_latitude_distance(place.latitude, center.latitude) >
                height / 2 ||
            geo_distance(place, below) > width / 2)
            return false;
    }
    *distance = geo_distance(center, place);
    return shape->is_box || *distance <= shape->radius * shape->unit;
}
