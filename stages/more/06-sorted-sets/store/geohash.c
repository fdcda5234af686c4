/* geohash, inside: how far across the map a place is becomes a fraction, the
 * fraction an integer of 26 bits, and the two integers are interleaved:
 *
 *   longitude     1   0   1   1   ...
 *   latitude        1   1   0   0 ...
 *   score         1 1 0 1 1 0 1 0 ...
 *
 * The highest bits of both become the highest bits of the score, so two places
 * that are near each other in both directions usually have scores that are. */
#include "more/06-sorted-sets/store/geohash.h"

#include <math.h>

#define EARTH_RADIUS 6372797.560856 /* meters; Redis's, so distances agree */
#define RADIANS (M_PI / 180.0) /* in a degree */

/* A map: from -longitude to longitude and from -latitude to latitude. */
static const struct geo_place web_map = {GEO_LONGITUDE_MAX, GEO_LATITUDE_MAX};
static const struct geo_place whole_map = {GEO_LONGITUDE_MAX, 90.0};

bool geo_on_map(struct geo_place place)
{
    return place.longitude >= -GEO_LONGITUDE_MAX &&
           place.longitude <= GEO_LONGITUDE_MAX &&
           place.latitude >= -GEO_LATITUDE_MAX &&
           place.latitude <= GEO_LATITUDE_MAX;
}

/* Moves the 32 bits of a number apart, so that there is a gap before each. The
 * last three lines do this to eight of them:
 *
 *   ........abcdefgh
 *   ....abcd....efgh
 *   ..ab..cd..ef..gh
 *   .a.b.c.d.e.f.g.h
 *
 * Each line splits every group in two: it shifts a copy by half a group, and
 * keeps the upper half of the copy and the lower half of the original. */
static uint64_t spread(uint64_t bits)
{
    bits = (bits | bits << 16) & 0x0000ffff0000ffff;
    bits = (bits | bits << 8) & 0x00ff00ff00ff00ff;
    bits = (bits | bits << 4) & 0x0f0f0f0f0f0f0f0f;
    bits = (bits | bits << 2) & 0x3333333333333333;
    bits = (bits | bits << 1) & 0x5555555555555555;
    return bits;
}

/* Puts each number into the gaps of the other: latitude has the even bits. */
uint64_t geo_interleave(uint32_t latitude, uint32_t longitude)
{
    return spread(latitude) | spread(longitude) << 1;
}

/* Takes the even bits of a number and closes the gaps between them, with the
 * lines of spread in reverse. */
uint32_t geo_deinterleave(uint64_t mixed)
{
    uint64_t bits = mixed & 0x5555555555555555;
    bits = (bits | bits >> 1) & 0x3333333333333333;
    bits = (bits | bits >> 2) & 0x0f0f0f0f0f0f0f0f;
    bits = (bits | bits >> 4) & 0x00ff00ff00ff00ff;
    bits = (bits | bits >> 8) & 0x0000ffff0000ffff;
    bits = (bits | bits >> 16) & 0x00000000ffffffff;
    return (uint32_t)bits;
}

/* Returns how many cells of that depth are before the one of a coordinate, on a
 * map from -max to max. */
static uint32_t cells_before(double coordinate, double max, int steps)
{
    double fraction = (coordinate + max) / (max + max);
    return (uint32_t)(fraction * (double)(UINT64_C(1) << steps));
}

/* Returns the coordinate where a cell begins that has so many before it. */
static double cell_begin(double index, double max, int steps)
{
    return -max + index / (double)(UINT64_C(1) << steps) * (max + max);
}

/* The cell of a place on any map. */
static struct geo_cell cell_on(struct geo_place map, struct geo_place place,
                               int steps)
{
    uint32_t north = cells_before(place.latitude, map.latitude, steps);
    uint32_t east = cells_before(place.longitude, map.longitude, steps);
    return (struct geo_cell){geo_interleave(north, east), steps};
}

struct geo_cell geo_cell_at(struct geo_place place, int steps)
{
    return cell_on(web_map, place, steps);
}

struct geo_area geo_cell_area(struct geo_cell cell)
{
    double north = geo_deinterleave(cell.bits);
    double east = geo_deinterleave(cell.bits >> 1);
    double max_longitude = web_map.longitude, max_latitude = web_map.latitude;
    return (struct geo_area){
        .min = {cell_begin(east, max_longitude, cell.steps),
                cell_begin(north, max_latitude, cell.steps)},
        .max = {cell_begin(east + 1, max_longitude, cell.steps),
                cell_begin(north + 1, max_latitude, cell.steps)},
    };
}

struct geo_cell geo_cell_beside(struct geo_cell cell, int east, int north)
{
    uint32_t y = geo_deinterleave(cell.bits);
    uint32_t x = geo_deinterleave(cell.bits >> 1);
    uint32_t last = (UINT32_C(1) << cell.steps) - 1;
    if (north != 0)
        y = (y + (uint32_t)north) & last;
    if (east != 0)
        x = (x + (uint32_t)east) & last;
    return (struct geo_cell){geo_interleave(y, x), cell.steps};
}

double geo_cell_score(struct geo_cell cell)
{
    return (double)(cell.bits << 2 * (GEO_STEPS_MAX - cell.steps));
}

/* Returns the bits of a score. One that no place has may be outside of the
 * integers, where C defines no cast: it becomes what it does on x86. */
static uint64_t bits_of(double score)
{
    if (score >= -0x1p63 && score < 0x1p63)
        return (uint64_t)(int64_t)score;
    if (score >= 0x1p63)
        return score < 0x1p64 ? (uint64_t)score : 0;
    return UINT64_C(1) << 63;
}

/* The nearest coordinate that the map has. */
static double clamp(double coordinate, double max)
{
    return fmin(fmax(coordinate, -max), max);
}

struct geo_place geo_place_of(double score)
{
    struct geo_cell cell = {bits_of(score), GEO_STEPS_MAX};
    struct geo_area area = geo_cell_area(cell);
    return (struct geo_place){
        clamp((area.min.longitude + area.max.longitude) / 2, web_map.longitude),
        clamp((area.min.latitude + area.max.latitude) / 2, web_map.latitude),
    };
}

/* The 52 bits make ten digits of five bits; the eleventh is always 0. */
void geohash_format(char out[GEOHASH_TEXT_LEN + 1], struct geo_place place)
{
    static const char digits[] = "0123456789bcdefghjkmnpqrstuvwxyz";
    uint64_t bits = cell_on(whole_map, place, GEO_STEPS_MAX).bits;
    for (int i = 0; i < GEOHASH_TEXT_LEN - 1; i++)
        out[i] = digits[bits >> (2 * GEO_STEPS_MAX - 5 * (i + 1)) & 31];
    out[GEOHASH_TEXT_LEN - 1] = digits[0];
    out[GEOHASH_TEXT_LEN] = '\0';
}

double geo_latitude_distance(double a, double b)
{
    return EARTH_RADIUS * fabs(b * RADIANS - a * RADIANS);
}

double geo_degrees(double meters)
{
    return meters / EARTH_RADIUS / RADIANS;
}

double geo_cosine(double degrees)
{
    return cos(degrees * RADIANS);
}

double geo_distance(struct geo_place a, struct geo_place b)
{
    double v = sin((b.longitude * RADIANS - a.longitude * RADIANS) / 2);
    if (v == 0)
        return geo_latitude_distance(a.latitude, b.latitude);
    double latitude_a = a.latitude * RADIANS;
    double latitude_b = b.latitude * RADIANS;
    double u = sin((latitude_b - latitude_a) / 2);
    double h = u * u + cos(latitude_a) * cos(latitude_b) * v * v;
    return 2 * EARTH_RADIUS * asin(sqrt(h));
}
