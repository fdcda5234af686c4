/* geo_search: adds GEOSEARCH and GEOSEARCHSTORE, and the older GEORADIUS and
 * GEORADIUSBYMEMBER, which do the same with arguments in fixed places. */
#include "more/06-sorted-sets/store/geo_search.h"

#include <math.h>

#include "command/args.h"
#include "command/errors.h"
#include "command/lookup.h"
#include "common/numbers.h"
#include "more/02-keyspace/store/copy.h"
#include "more/06-sorted-sets/command/geo.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/zset.h"

/* How a command differs from the others. */
struct form {
    int source; /* the argument that is the key of the sorted set */
    int options; /* the first argument of those that may be in any order */
    bool is_search; /* center and shape are options, too */
    bool by_member; /* GEORADIUSBYMEMBER: the center is a member */
    bool may_store; /* STORE and STOREDIST are options with a key */
    bool stores; /* GEOSEARCHSTORE: the first key is where to */
};

struct request {
    const struct form *form;
    const struct entry *source; /* NULL: there is no such key */
    struct geo_shape shape;
    bool has_member, has_place; /* the center: FROMMEMBER, FROMLONLAT */
    bool has_radius, has_box; /* the shape: BYRADIUS, BYBOX */
    bool is_sorted, is_descending;
    bool any; /* the first that are found will do */
    int64_t count; /* at most; 0 is all */
    bool with_distance, with_hash, with_place;
    struct slice target; /* the key to store in; ptr is NULL if there is none */
    bool stores_distances; /* as scores, in place of geohashes */
};

/* Puts the center where a member is. Replies with an error and returns false if
 * there is no such member. */
static bool member_or_reply(struct client *c, struct request *r, int i)
{
    double score;
    if (!zset_score(r->source, c->argv[i], &score)) {
        reply_error(c, "ERR could not decode requested zset member");
        return false;
    }
    r->shape.center = geo_place_of(score);
    return true;
}

/* Parses a length. Replies with the error and returns false if it is none. */
static bool length_or_reply(struct client *c, struct slice arg, double *length,
                            const char *error)
{
    if (parse_double(arg, length))
        return true;
    reply_error(c, error);
    return false;
}

/* Parses a radius in argument i and its unit. */
static bool radius_or_reply(struct client *c, struct request *r, int i)
{
    struct geo_shape *shape = &r->shape;
    if (!length_or_reply(c, c->argv[i], &shape->radius,
                         "ERR need numeric radius"))
        return false;
    if (shape->radius < 0) {
        reply_error(c, "ERR radius cannot be negative");
        return false;
    }
    return unit_or_reply(c, c->argv[i + 1], &shape->unit);
}

/* Parses width and height in the arguments from i on, and their unit. */
static bool box_or_reply(struct client *c, struct request *r, int i)
{
    struct geo_shape *shape = &r->shape;
    shape->is_box = true;
    if (!length_or_reply(c, c->argv[i], &shape->width,
                         "ERR need numeric width") ||
        !length_or_reply(c, c->argv[i + 1], &shape->height,
                         "ERR need numeric height"))
        return false;
    if (shape->width < 0 || shape->height < 0) {
        reply_error(c, "ERR height or width cannot be negative");
        return false;
    }
    return unit_or_reply(c, c->argv[i + 2], &shape->unit);
}

/* Parses how many are wanted. */
static bool count_or_reply(struct client *c, struct request *r, int i)
{
    return range_or_reply(c, c->argv[i], 1, INT64_MAX, &r->count,
                          "ERR COUNT must be > 0");
}

/* Parses an option without arguments. Returns false without a reply if it is
 * none. */
static bool parse_flag(struct request *r, struct slice word)
{
    if (slice_is(word, "withdist"))
        r->with_distance = true;
    else if (slice_is(word, "withhash"))
        r->with_hash = true;
    else if (slice_is(word, "withcoord"))
        r->with_place = true;
    else if (slice_is(word, "any"))
        r->any = true;
    else if (slice_is(word, "asc") || slice_is(word, "desc"))
        r->is_sorted = true, r->is_descending = slice_is(word, "desc");
    else if (slice_is(word, "storedist") && r->form->stores)
        r->stores_distances = true;
    else
        return false;
    return true;
}

/* What became of an option. */
enum outcome { UNKNOWN, PARSED, REPLIED };

static enum outcome outcome_of(bool is_parsed)
{
    return is_parsed ? PARSED : REPLIED;
}

/* Parses where the center is, or how large the shape is: GEOSEARCH's option at
 * argument *i, to whose last argument it moves. */
static enum outcome parse_search(struct client *c, struct request *r, int *i)
{
    struct slice word = c->argv[*i];
    int first = *i + 1, left = c->argc - first;
    if (slice_is(word, "frommember") && left >= 1 && !r->has_place) {
        *i += 1;
        r->has_member = true;
        return outcome_of(!r->source || member_or_reply(c, r, first));
    }
    if (slice_is(word, "fromlonlat") && left >= 2 && !r->has_member) {
        *i += 2;
        r->has_place = true;
        return outcome_of(place_or_reply(c, first, &r->shape.center));
    }
    if (slice_is(word, "byradius") && left >= 2 && !r->has_box) {
        *i += 2;
        r->has_radius = true;
        return outcome_of(radius_or_reply(c, r, first));
    }
    if (slice_is(word, "bybox") && left >= 3 && !r->has_radius) {
        *i += 3;
        r->has_box = true;
        return outcome_of(box_or_reply(c, r, first));
    }
    return UNKNOWN;
}

/* Parses the option at argument *i, and moves to its last argument. */
static enum outcome parse_option(struct client *c, struct request *r, int *i)
{
    struct slice word = c->argv[*i];
    bool has_next = *i + 1 < c->argc;
    if (slice_is(word, "count") && has_next) {
        *i += 1;
        return outcome_of(count_or_reply(c, r, *i));
    }
    if (r->form->may_store && has_next &&
        (slice_is(word, "store") || slice_is(word, "storedist"))) {
        *i += 1;
        r->target = c->argv[*i];
        r->stores_distances = slice_is(word, "storedist");
        return PARSED;
    }
    if (parse_flag(r, word))
        return PARSED;
    return r->form->is_search ? parse_search(c, r, i) : UNKNOWN;
}

/* Parses what has a fixed place: center and radius of GEORADIUS. If there is no
 * sorted set, it is not checked whether the radius is a number. */
static bool fixed_or_reply(struct client *c, struct request *r)
{
    const struct form *form = r->form;
    if (form->is_search)
        return true;
    if (!form->by_member)
        return place_or_reply(c, 2, &r->shape.center) &&
               radius_or_reply(c, r, 4);
    return !r->source || (member_or_reply(c, r, 2) && radius_or_reply(c, r, 3));
}

/* Replies with an error and returns false if options are missing, or exclude
 * each other. */
static bool agreement_or_reply(struct client *c, const struct request *r)
{
    bool has_center = r->has_member || r->has_place;
    bool has_shape = r->has_radius || r->has_box;
    if (r->target.ptr && (r->with_distance || r->with_hash || r->with_place))
        reply_errorf(c,
                     "ERR %s is not compatible with WITHDIST, WITHHASH and "
                     "WITHCOORD options",
                     r->form->stores ? "GEOSEARCHSTORE"
                                     : "STORE option in GEORADIUS");
    else if (r->form->is_search && !has_center)
        reply_errorf(c,
                     "ERR exactly one of FROMMEMBER or FROMLONLAT can be "
                     "specified for %.*s",
                     slice_precision(c->argv[0]), c->argv[0].ptr);
    else if (r->form->is_search && !has_shape)
        reply_errorf(c,
                     "ERR exactly one of BYRADIUS and BYBOX can be specified "
                     "for %.*s",
                     slice_precision(c->argv[0]), c->argv[0].ptr);
    else if (r->any && !r->count)
        reply_error(c, "ERR the ANY argument requires COUNT argument");
    else
        return true;
    return false;
}

/* Parses all arguments. Replies with an error and returns false if one is
 * invalid. A count without ANY means the nearest, so these are sorted. */
static bool request_or_reply(struct client *c, struct request *r)
{
    if (!fixed_or_reply(c, r))
        return false;
    if (r->form->stores)
        r->target = c->argv[1];
    for (int i = r->form->options; i < c->argc; i++) {
        enum outcome outcome = parse_option(c, r, &i);
        if (outcome == UNKNOWN)
            reply_error(c, ERR_SYNTAX);
        if (outcome != PARSED)
            return false;
    }
    if (r->count && !r->any)
        r->is_sorted = true;
    return agreement_or_reply(c, r);
}

/* Replies with an integer for a score: that of a place is one. */
static void reply_hash(struct client *c, double score)
{
    bool fits = score >= -0x1p63 && score < 0x1p63;
    reply_integer(c, fits ? (int64_t)score : INT64_MIN);
}

/* Replies with the first points that were found, and what is wanted of each. */
static void reply_points(struct client *c, const struct request *r,
                         const struct geo_points *found, size_t count)
{
    size_t extras = (size_t)r->with_distance + r->with_hash + r->with_place;
    reply_array(c, count);
    for (size_t i = 0; i < count; i++) {
        const struct geo_point *point = &found->points[i];
        if (extras > 0)
            reply_array(c, extras + 1);
        reply_bulk(c, geo_point_member(found, i));
        if (r->with_distance)
            reply_distance(c, point->distance, r->shape.unit);
        if (r->with_hash)
            reply_hash(c, point->score);
        if (r->with_place)
            reply_place(c, point->place);
    }
}

/* Stores the first points that were found, whatever the key held, and replies
 * with their number. */
static void store_points(struct client *c, const struct request *r,
                         const struct geo_points *found, size_t count)
{
    if (count > 0) {
        struct entry *e = zset_create(r->target);
        for (size_t i = 0; i < count; i++) {
            const struct geo_point *point = &found->points[i];
            double score = r->stores_distances ? point->distance / r->shape.unit
                                               : point->score;
            zset_add(e, geo_point_member(found, i), &score, 0);
        }
        db_store(c->db, e);
        key_changed(c->db, r->target,
                    r->form->is_search ? "geosearchstore" : "georadiusstore");
    } else if (db_unlink(c->db, r->target)) {
        key_changed(c->db, r->target, "del");
    }
    reply_integer(c, (int64_t)count);
}

/* Executes a command of this form. */
static void search(struct client *c, const struct form *form)
{
    struct request r = {.form = form};
    struct geo_points found = {0};
    struct entry *e;
    if (!read_typed_or_reply(c, c->argv[form->source], TYPE_ZSET, &e))
        return;
    r.source = e;
    if (!request_or_reply(c, &r))
        return;
    if (e)
        geo_search(&found, e, &r.shape, r.any ? (size_t)r.count : 0);
    size_t count = found.count;
    if (r.count && (uint64_t)r.count < count)
        count = (size_t)r.count;
    if (r.is_sorted)
        geo_points_sort(&found, r.is_descending, count);
    if (r.target.ptr)
        store_points(c, &r, &found, count);
    else
        reply_points(c, &r, &found, count);
    geo_points_free(&found);
}

/* GEOSEARCH key FROMMEMBER member | FROMLONLAT longitude latitude
 *   BYRADIUS radius unit | BYBOX width height unit
 *   [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH] */
static void geosearch_command(struct client *c)
{
    static const struct form form = {
        .source = 1, .options = 2, .is_search = true};
    search(c, &form);
}

/* GEOSEARCHSTORE destination source and the options of GEOSEARCH [STOREDIST] */
static void geosearchstore_command(struct client *c)
{
    static const struct form form = {
        .source = 2, .options = 3, .is_search = true, .stores = true};
    search(c, &form);
}

/* GEORADIUS key longitude latitude radius unit [STORE key | STOREDIST key]
 *   and the options of GEOSEARCH that are about the reply */
static void georadius_command(struct client *c)
{
    static const struct form form = {
        .source = 1, .options = 6, .may_store = true};
    search(c, &form);
}

/* GEORADIUS_RO: GEORADIUS without STORE. */
static void georadius_ro_command(struct client *c)
{
    static const struct form form = {.source = 1, .options = 6};
    search(c, &form);
}

/* GEORADIUSBYMEMBER key member radius unit: GEORADIUS from a member. */
static void georadiusbymember_command(struct client *c)
{
    static const struct form form = {
        .source = 1, .options = 5, .by_member = true, .may_store = true};
    search(c, &form);
}

/* GEORADIUSBYMEMBER_RO: GEORADIUSBYMEMBER without STORE. */
static void georadiusbymember_ro_command(struct client *c)
{
    static const struct form form = {
        .source = 1, .options = 5, .by_member = true};
    search(c, &form);
}

const struct command more_geo_search_commands[] = {
    {.name = "geosearch", .arity = -7, .handler = geosearch_command},
    {.name = "geosearchstore",
     .arity = -8,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = geosearchstore_command},
    {.name = "georadius",
     .arity = -6,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = georadius_command},
    {.name = "georadius_ro", .arity = -6, .handler = georadius_ro_command},
    {.name = "georadiusbymember",
     .arity = -5,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = georadiusbymember_command},
    {.name = "georadiusbymember_ro",
     .arity = -5,
     .handler = georadiusbymember_ro_command},
    {.name = NULL},
};
