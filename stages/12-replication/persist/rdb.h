/* rdb: all keys of all databases at one point in time, as bytes.
 *
 *   REDIS0010
 *   FA name value        a fact about the server that wrote it; several
 *   FE database          the database of the keys that follow
 *   FB keys expires      how many follow, and how many of them expire
 *   FC time              when the key that follows expires
 *   F8 seconds, F9 byte  its idle time (LRU), how often it is used (LFU)
 *   type key value       rdb_format.h
 *   FF checksum          8 bytes, of all bytes before; 0: there is none
 *
 * Writing is O(n) and changes nothing, so a child process can do it. Reading is
 * O(n), too. */
#ifndef PERSIST_RDB_H
#define PERSIST_RDB_H

#include "persist/rdb_reader.h"
#include "store/keyspace.h"

enum { RDB_VERSION = 10 };

/* Writes all keys into the writer's file. */
void rdb_save(struct rdb_writer *w);

/* Which database the stream of effects has selected that goes on where the data
 * is. -1: there is none, or it begins with SELECT. */
extern int64_t rdb_stream_db;

/* Writes a fact about the server. */
void rdb_save_fact(struct rdb_writer *w, const char *name, struct slice value);

/* A load, and what it has found so far. */
struct rdb_load {
    struct db *db; /* of the next key */
    int64_t expiry_ms; /* of the next key, or NO_EXPIRY */
    int64_t keys; /* that were added */
    int64_t expired; /* keys that were not, because they have expired */
    int64_t stream_db; /* rdb_stream_db at that time; 0: it does not say */
};

/* Adds all keys to the databases. Returns false if the bytes are wrong; the
 * databases may then have some of the keys. */
bool rdb_load(struct rdb_reader *r, struct rdb_load *load);

#endif
