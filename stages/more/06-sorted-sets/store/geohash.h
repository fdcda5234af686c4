/* geohash: a place on Earth as a number, so that a sorted set can find it.
 *
 * The map is halved again and again. Each halving is a bit, in turn by
 * longitude (1 is the east) and by latitude (1 is the north):
 *
 *                      +------+------+
 *                      |  01  |  11  |
 *       two bits:      +------+------+
 *                      |  00  |  10  |
 *                      +------+------+
 *
 * The part of the map with the same first bits is a cell. All numbers that
 * begin with these bits are one range, so in a sorted set with such scores the
 * members in a cell are one range, too. After 26 halvings in each direction a
 * cell is 0.6 m wide and 0.3 m high at the equator, and its 52 bits are no more
 * than a score, which is a double, holds exactly.
 *
 * The map is that of most web sites, a square that ends at 85 degrees south and
 * north. Pure arithmetic: knows no sorted set. (geohash.c and geohash_helper.c
 * in Redis.) */
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

/* Mixes two numbers bit by bit, and takes the latitude out again; the longitude
 * if the mixture is shifted right by one. */
uint64_t geo_interleave(uint32_t latitude, uint32_t longitude);
uint32_t geo_deinterleave(uint64_t mixed);

/* Returns the cell of that depth that has the place in it. */
struct geo_cell geo_cell_at(struct geo_place place, int steps);

/* Returns where the edges of a cell are. */
struct geo_area geo_cell_area(struct geo_cell cell);

/* Returns the cell that is so many cells to the east and to the north. Beyond
 * an edge of the map is the opposite edge. */
struct geo_cell geo_cell_beside(struct geo_cell cell, int east, int north);

/* Returns the lowest score of a place in the cell. With bits + 1 it is the
 * first score behind the cell. */
double geo_cell_score(struct geo_cell cell);

/* Returns the middle of the smallest cell with that score. Any score has a
 * place, because clients may have set it themselves. */
struct geo_place geo_place_of(double score);

/* Writes the geohash that web sites use, in digits of five bits. The map of
 * these ends at the poles, so its bits are not those of the score. */
void geohash_format(char out[GEOHASH_TEXT_LEN + 1], struct geo_place place);

/* Returns the distance in meters on a sphere, by the haversine formula: up to
 * 0.5 % wrong, because Earth is flattened. */
double geo_distance(struct geo_place a, struct geo_place b);

/* The part of it that is north or south, and an angle in degrees that has such
 * a length. */
double geo_latitude_distance(double a, double b);
double geo_degrees(double meters);

/* Returns the cosine of an angle in degrees. */
double geo_cosine(double degrees);

#endif
