/* geo: adds GEOADD, GEOPOS, GEODIST and GEOHASH, which turn places into scores
 * and back. */
#include "more/06-sorted-sets/command/geo.h"

#include <stdio.h>

#include "command/call.h"
#include "command/errors.h"
#include "command/lookup.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "more/02-keyspace/command/errors.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/zset.h"

bool place_or_reply(struct client *c, int i, struct geo_place *place)
{
    if (!parse_double(c->argv[i], &place->longitude) ||
        !parse_double(c->argv[i + 1], &place->latitude)) {
        reply_error(c, ERR_NOT_FLOAT);
        return false;
    }
    if (geo_on_map(*place))
        return true;
    reply_errorf(c, "ERR invalid longitude,latitude pair %f,%f",
                 place->longitude, place->latitude);
    return false;
}

bool unit_or_reply(struct client *c, struct slice arg, double *meters)
{
    static const struct {
        const char *name;
        double meters;
    } units[] = {{"m", 1}, {"km", 1000}, {"ft", 0.3048}, {"mi", 1609.34}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (slice_is(arg, units[i].name)) {
            *meters = units[i].meters;
            return true;
        }
    }
    reply_error(c, "ERR unsupported unit provided. please use M, KM, FT, MI");
    return false;
}

/* Replies with a coordinate, with all digits that it has. It is a number in
 * RESP3. */
static void reply_coordinate(struct client *c, double coordinate)
{
    char text[LONG_DOUBLE_TEXT_MAX];
    struct slice number = {text, format_long_double(text, coordinate)};
    if (c->protocol == 3)
        reply_line(c, ',', number);
    else
        reply_bulk(c, number);
}

void reply_place(struct client *c, struct geo_place place)
{
    reply_array(c, 2);
    reply_coordinate(c, place.longitude);
    reply_coordinate(c, place.latitude);
}

void reply_distance(struct client *c, double distance, double unit)
{
    char text[64];
    snprintf(text, sizeof text, "%.4f", distance / unit);
    reply_bulk_text(c, text);
}

/* GEOADD's options, which end where the first longitude is. */
struct adding {
    unsigned rules; /* enum zset_rule */
    bool counts_changes; /* CH */
    int first; /* argument */
};

/* Parses [NX | XX] [CH]. Replies with an error and returns false if NX and XX
 * are both there, or what follows are no groups of three. */
static bool adding_or_reply(struct client *c, struct adding *adding)
{
    unsigned both = ZSET_ADD_ONLY | ZSET_UPDATE_ONLY;
    int i = 2;
    for (; i < c->argc; i++) {
        if (slice_is(c->argv[i], "nx"))
            adding->rules |= ZSET_ADD_ONLY;
        else if (slice_is(c->argv[i], "xx"))
            adding->rules |= ZSET_UPDATE_ONLY;
        else if (slice_is(c->argv[i], "ch"))
            adding->counts_changes = true;
        else
            break;
    }
    adding->first = i;
    if (i < c->argc && (c->argc - i) % 3 == 0 && adding->rules != both)
        return true;
    reply_error(c, ERR_SYNTAX);
    return false;
}

/* What GEOADD is propagated as: ZADD, with the client's options and a score in
 * place of each pair of coordinates. */
struct zadd {
    struct slice *argv;
    int argc;
    int first; /* score */
    char (*texts)[INT64_TEXT_MAX]; /* of the scores */
};

static void zadd_free(struct zadd *zadd)
{
    zfree(zadd->argv);
    zfree(zadd->texts);
}

/* Replaces the places by scores. Replies with an error and returns false, with
 * nothing to free, if one is not on the map. */
static bool zadd_or_reply(struct client *c, int first, struct zadd *zadd)
{
    size_t count = (size_t)(c->argc - first) / 3;
    zadd->argv = zmalloc((size_t)c->argc * sizeof *zadd->argv);
    zadd->texts = zmalloc(count * sizeof *zadd->texts);
    zadd->argv[0] = SLICE("zadd");
    for (zadd->argc = 1; zadd->argc < first; zadd->argc++)
        zadd->argv[zadd->argc] = c->argv[zadd->argc];
    zadd->first = first;
    for (size_t n = 0; n < count; n++) {
        struct geo_place place;
        int i = first + 3 * (int)n;
        if (!place_or_reply(c, i, &place)) {
            zadd_free(zadd);
            return false;
        }
        uint64_t bits = geo_cell_at(place, GEO_STEPS_MAX).bits;
        char *text = zadd->texts[n];
        zadd->argv[zadd->argc++] =
            (struct slice){text, format_uint64(text, bits)};
        zadd->argv[zadd->argc++] = c->argv[i + 2];
    }
    return true;
}

/* Adds the members, replies and propagates what was done. */
static void add_members(struct client *c, const struct adding *adding,
                        const struct zadd *zadd)
{
    struct entry *e;
    int64_t added = 0, updated = 0;
    if (!write_typed_or_reply(c, zadd->argv[1], TYPE_ZSET, &e))
        return;
    if (!e && !(adding->rules & ZSET_UPDATE_ONLY)) {
        e = zset_create(zadd->argv[1]);
        db_add(c->db, e);
    }
    for (int i = zadd->first; e && i < zadd->argc; i += 2) {
        double score;
        parse_double(zadd->argv[i], &score);
        enum zset_outcome outcome =
            zset_add(e, zadd->argv[i + 1], &score, adding->rules);
        added += outcome == ZSET_ADDED;
        updated += outcome == ZSET_UPDATED;
    }
    if (added + updated > 0) {
        key_changed(c->db, zadd->argv[1], "zadd");
        propagate_as(c, zadd->argc, zadd->argv);
    }
    reply_integer(c, adding->counts_changes ? added + updated : added);
}

/* GEOADD key [NX | XX] [CH] longitude latitude member [...] */
static void geoadd_command(struct client *c)
{
    struct adding adding = {0};
    struct zadd zadd;
    if (!adding_or_reply(c, &adding) || !zadd_or_reply(c, adding.first, &zadd))
        return;
    add_members(c, &adding, &zadd);
    zadd_free(&zadd);
}

/* GEOPOS key [member ...] */
static void geopos_command(struct client *c)
{
    struct entry *e;
    double score;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        return;
    reply_array(c, (size_t)c->argc - 2);
    for (int i = 2; i < c->argc; i++) {
        if (zset_score(e, c->argv[i], &score))
            reply_place(c, geo_place_of(score));
        else
            reply_null_array(c);
    }
}

/* GEOHASH key [member ...] */
static void geohash_command(struct client *c)
{
    struct entry *e;
    double score;
    char text[GEOHASH_TEXT_LEN + 1];
    if (!read_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        return;
    reply_array(c, (size_t)c->argc - 2);
    for (int i = 2; i < c->argc; i++) {
        if (zset_score(e, c->argv[i], &score)) {
            geohash_format(text, geo_place_of(score));
            reply_bulk_text(c, text);
        } else {
            reply_null(c);
        }
    }
}

/* GEODIST key member1 member2 [M | KM | FT | MI] */
static void geodist_command(struct client *c)
{
    struct entry *e;
    double unit = 1, from, to;
    if (c->argc > 5) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    if (c->argc == 5 && !unit_or_reply(c, c->argv[4], &unit))
        return;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        return;
    if (zset_score(e, c->argv[2], &from) && zset_score(e, c->argv[3], &to))
        reply_distance(c, geo_distance(geo_place_of(from), geo_place_of(to)),
                       unit);
    else
        reply_null(c);
}

const struct command more_geo_commands[] = {
    {.name = "geoadd",
     .arity = -5,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = geoadd_command},
    {.name = "geopos", .arity = -2, .handler = geopos_command},
    {.name = "geohash", .arity = -2, .handler = geohash_command},
    {.name = "geodist", .arity = -4, .handler = geodist_command},
    {.name = NULL},
};
