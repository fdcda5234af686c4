/* geohash: a place on Earth as a number, so that a sorted set can find it.
 *
 * The map is halved again and again. Each halving is a bit, in turn by
 * longitude (1 is the east) and by latitude (1 is the north):
 *
 *                      +------+------+
 *        2 bits:       |  01  |  11  |        the bits of 11 are the first
 *     the map in 4     +------+------+        of all places in the north-
 *                      |  00  |  10  |        east, and of no other
 *                      +------+------+
 *
 * A square of the map at any depth is a cell: all that lies in it has the same
 * first bits, so it is one range of numbers, and in a sorted set with these as
 * scores it is one range of members. After 26 halvings in each direction a cell
 * is 0.6 m wide and less than that high, and its 52 bits are as many as a score,
 * a double, holds exactly.
 *
 * The map is that of most web sites, a square from 85 degrees south to 85
 * degrees north. Pure arithmetic: knows no sorted set. (geohash.c and
 * geohash_helper.c in Redis.) */
#ifndef MORE_STORE_GEOHASH_H
#define MORE_STORE_GEOHASH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/slice.h"

/* The ends of the map, in degrees. */
#define GEO_LONGITUDE_MAX 180.0
#define GEO_LATITUDE_MAX 85.05112878

enum {
    GEO_STEPS_MAX = 26, /* halvings in each direction */
    GEOHASH_TEXT_LEN = 11
};

struct geo_place {
    double longitude, latitude; /* degrees */
};

struct geo_cell {
    uint64_t bits; /* the first 2 * steps bits of all places in it */
    int steps; /* 1 to GEO_STEPS_MAX */
};

struct geo_area {
    struct geo_place min, max; /* its south-west and its north-east */
};

/* Returns whether the place is on the map. Others must not come here. */
bool geo_on_map(struct geo_place place);

/* Mixes two numbers bit by bit, and takes the mixture apart. */
uint64_t geo_interleave(uint32_t latitude, uint32_t longitude);
uint32_t geo_deinterleave(uint64_t mixed);

/* Returns the cell of that depth in which the place is, where the cell is, and
 * the cell so many cells to the east and to the north of it. Beyond the edge of
 * the map is its other edge. */
struct geo_cell geo_cell_at(struct geo_place place, int steps);
struct geo_area geo_cell_area(struct geo_cell cell);
struct geo_cell geo_cell_beside(struct geo_cell cell, int east, int north);

/* Returns the lowest score of a place in the cell. With bits + 1 it is the first
 * score behind the cell. */
double geo_cell_score(struct geo_cell cell);

/* Returns the middle of the smallest cell with that score. Any score has a
 * place, because clients may have set it themselves. */
struct geo_place geo_place_of(double score);

/* Writes the geohash that web sites use, which has another latitude: its map
 * ends at the poles. A digit of base 32 is five halvings. */
void geohash_format(char out[GEOHASH_TEXT_LEN + 1], struct geo_place place);

/* Returns the distance on a sphere, in meters: up to 0.5 % wrong, because Earth
 * is none. (The haversine formula.) */
double geo_distance(struct geo_place a, struct geo_place b);

/* The part of it that is north or south, and an angle in degrees that has such
 * a length. */
double geo_latitude_distance(double a, double b);
double geo_degrees(double meters);

/* Returns the cosine of an angle in degrees. */
double geo_cosine(double degrees);

#endif
