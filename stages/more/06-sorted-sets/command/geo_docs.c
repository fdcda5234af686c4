/* geo_docs: describes the commands for places. */
#include "more/06-sorted-sets/command/geo.h"

#define POINT "longitude:double latitude:double"
#define UNIT "unit(M | KM | FT | MI)"
#define ORDER "[order(ASC | DESC)]"
#define COUNT "[count(COUNT count:integer [ANY])]"
#define COUNT_SINCE "[count(COUNT count:integer [ANY]@6.2.0)]"
#define WITH "[WITHCOORD] [WITHDIST] [WITHHASH]"
#define STORE "[STORE key] [STOREDIST key]"
#define AREA                                                              \
    "from(FROMMEMBER member | FROMLONLAT longitude_latitude(" POINT ")) " \
    "by(circle(BYRADIUS radius:double " UNIT ") | "                       \
    "box(BYBOX width:double height:double " UNIT ")) " ORDER " " COUNT

const struct command_doc more_geo_docs[] = {
    {.name = "geoadd",
     .group = "geo",
     .flags = DOC_WRITE | DOC_DENYOOM,
     .keys = {KEY(1, KEY_RW | KEY_UPDATE)},
     .since = "3.2.0",
     .synopsis = "key [condition(NX | XX)]@6.2.0 [change'CH']@6.2.0 "
                 "longitude_latitude_member(" POINT " member)...",
     .summary = "Adds members with a longitude and latitude to a sorted set."},
    {.name = "geopos",
     .group = "geo",
     .flags = DOC_READONLY,
     .keys = {KEY(1, KEY_READ)},
     .since = "3.2.0",
     .synopsis = "key member...",
     .summary = "Returns longitude and latitude of members."},
    {.name = "geohash",
     .group = "geo",
     .flags = DOC_READONLY,
     .keys = {KEY(1, KEY_READ)},
     .since = "3.2.0",
     .synopsis = "key member...",
     .summary = "Returns the geohashes of members as text."},
    {.name = "geodist",
     .group = "geo",
     .flags = DOC_READONLY,
     .keys = {KEY(1, KEY_READ)},
     .since = "3.2.0",
     .synopsis = "key member1 member2 [" UNIT "]",
     .summary = "Returns the distance between two members."},
    {.name = "geosearch",
     .group = "geo",
     .flags = DOC_READONLY,
     .keys = {KEY(1, KEY_READ)},
     .since = "6.2.0",
     .synopsis = "key " AREA " " WITH,
     .summary = "Returns the members inside a circle or a box."},
    {.name = "geosearchstore",
     .group = "geo",
     .flags = DOC_WRITE | DOC_DENYOOM,
     .keys = {KEY(1, KEY_REPLACE), KEY(2, KEY_READ)},
     .since = "6.2.0",
     .synopsis = "destination:key source:key " AREA " [STOREDIST]",
     .summary = "Stores the members inside a circle or a box."},
    {.name = "georadius",
     .group = "geo",
     .flags = DOC_WRITE | DOC_DENYOOM | DOC_MOVABLE_KEYS,
     .keys = {KEY(1, KEY_READ), KEY_AFTER("STORE", 6, KEY_REPLACE),
              KEY_AFTER("STOREDIST", 6, KEY_REPLACE)},
     .since = "3.2.0",
     .deprecated_since = "6.2.0",
     .replaced_by = "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` "
                    "argument",
     .synopsis = "key " POINT " radius:double " UNIT " " WITH " " COUNT_SINCE
                 " " ORDER " " STORE,
     .summary = "Returns or stores the members inside a circle."},
    {.name = "georadius_ro",
     .group = "geo",
     .flags = DOC_READONLY,
     .keys = {KEY(1, KEY_READ)},
     .since = "3.2.10",
     .deprecated_since = "6.2.0",
     .replaced_by = "`GEOSEARCH` with the `BYRADIUS` argument",
     .synopsis =
         "key " POINT " radius:double " UNIT " " WITH " " COUNT_SINCE " " ORDER,
     .summary = "Returns the members inside a circle."},
    {.name = "georadiusbymember",
     .group = "geo",
     .flags = DOC_WRITE | DOC_DENYOOM | DOC_MOVABLE_KEYS,
     .keys = {KEY(1, KEY_READ), KEY_AFTER("STORE", 5, KEY_REPLACE),
              KEY_AFTER("STOREDIST", 5, KEY_REPLACE)},
     .since = "3.2.0",
     .deprecated_since = "6.2.0",
     .replaced_by = "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and "
                    "`FROMMEMBER` arguments",
     .synopsis = "key member radius:double " UNIT " " WITH " " COUNT " " ORDER
                 " " STORE,
     .summary = "Returns or stores the members inside a circle around one."},
    {.name = "georadiusbymember_ro",
     .group = "geo",
     .flags = DOC_READONLY,
     .keys = {KEY(1, KEY_READ)},
     .since = "3.2.10",
     .deprecated_since = "6.2.0",
     .replaced_by = "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` "
                    "arguments",
     .synopsis = "key member radius:double " UNIT " " WITH " " COUNT " " ORDER,
     .summary = "Returns the members inside a circle around one."},
    {.name = NULL},
};
