/* geo: places on Earth: members of a sorted set whose scores are geohashes. */
#ifndef MORE_COMMAND_GEO_H
#define MORE_COMMAND_GEO_H

#include <stdbool.h>

#include "command/command.h"
#include "more/01-event-loop/command/docs.h"
#include "more/06-sorted-sets/store/geohash.h"

struct client;

extern const struct command more_geo_commands[];
extern const struct command more_geo_search_commands[];
extern const struct command_doc more_geo_docs[]; /* of both */

/* Parses the longitude in argument i and the latitude in the next. Replies with
 * an error and returns false if they are no place on the map. */
bool place_or_reply(struct client *c, int i, struct geo_place *place);

/* Parses a unit: m, km, ft or mi. *meters is how many are in it. Replies with
 * an error and returns false if it is none of them. */
bool unit_or_reply(struct client *c, struct slice arg, double *meters);

/* Replies with a place: an array of longitude and latitude. */
void reply_place(struct client *c, struct geo_place place);

/* Replies with a distance, which is in meters, in another unit. */
void reply_distance(struct client *c, double distance, double unit);

#endif
