/* stream: an append-only log of entries, each a list of fields and values.
 *
 *   stream  nodes ---> tree   1700-0 -> listpack  [ 1700-0 1700-1 1703-0 ... ]
 *                             1705-0 -> listpack  [ 1705-0 1705-2 ]
 *           groups --> tree   of groups: group.h
 *
 * An ID is larger than all before it, so entries are in the order of their IDs.
 * They are packed by the hundred into nodes, and a tree finds the node of an
 * ID. (t_stream.c in Redis.)
 *
 *   append          O(1)
 *   find an ID      O(log n) for the node, then at most one node is read
 *   delete          the same; the entry stays in its node, with a flag
 *   trim            a node at a time, and one node is read
 *
 * A stream may be empty: it has a last ID, so that no ID is used again. Knows
 * entries of the keyspace, but not the dict that they are in. */
#ifndef STORE_STREAM_H
#define STORE_STREAM_H

#include <stddef.h>

#include "store/entry.h"
#include "store/group.h"
#include "store/stream_id.h"
#include "store/tree.h"

struct stream_node {
    struct stream_id id; /* of its first entry; first: the tree's key */
    uint8_t *pack; /* see stream.c */
};

struct stream {
    struct tree nodes; /* of struct stream_node */
    struct stream_node *last; /* of them; NULL if that is not known */
    uint64_t length; /* entries that are not deleted */
    struct stream_id first_id; /* of the first of them; 0-0: there is none */
    struct stream_id last_id; /* the largest ever added */
    struct stream_id max_deleted_id; /* the largest that a client deleted */
    uint64_t entries_added; /* since the stream was created */
    struct tree groups; /* of struct group */
};

/* Creates an entry with an empty stream, which no dict has yet. */
struct entry *stream_create(struct slice key);

/* Returns the stream of an entry of that type, which keeps it. */
struct stream *entry_stream(const struct entry *e);

/* Appends an entry of `count` fields: each pair is a name and a value. The ID
 * must be above the last one. */
void stream_append(struct stream *s, struct stream_id id,
                   const struct slice *pairs, size_t count);

/* Goes over the entries that are not deleted, from `start` to `end`, both
 * included; in the other direction if it is reversed. The stream must not
 * change meanwhile. */
struct stream_iterator {
    const struct stream *stream;
    struct stream_id start, end;
    bool is_reversed;
    struct stream_node *node; /* NULL: there is none */
    size_t names; /* position of the first name in its master entry */
    size_t name_count; /* as many are there */

    /* The current entry. */
    struct stream_id id;
    int64_t flags;
    size_t left; /* pairs that were not read yet */
    size_t at; /* position of the flags */
    size_t name, value; /* positions of what is read next */
};
void stream_iterate(struct stream_iterator *it, const struct stream *s,
                    struct stream_id start, struct stream_id end,
                    bool is_reversed);
bool stream_next(struct stream_iterator *it);

/* Reads the next pair of the current entry, which must have one left, as
 * listpack_get does. */
void stream_read_pair(struct stream_iterator *it, struct slice *name,
                      struct slice *value, char scratch[2][INT64_TEXT_MAX]);

/* Deletes an entry. Returns false if there is none with that ID. */
bool stream_delete(struct stream *s, struct stream_id id);

/* Which entries are to be trimmed: the oldest ones. */
struct stream_trim {
    enum { TRIM_NOTHING, TRIM_MAXLEN, TRIM_MINID } strategy;
    int64_t maxlen; /* as many entries stay */
    struct stream_id minid; /* those from this ID on stay */
    bool is_approximate; /* only whole nodes go */
    int64_t limit; /* as many go at most if approximate; 0: no limit */
};

/* Trims the stream. Returns how many entries are gone. */
int64_t stream_trim(struct stream *s, const struct stream_trim *trim);

/* Returns how many entries were added up to an ID, or ENTRIES_READ_UNKNOWN. Of
 * the first and the last entry the number is known, unless a client has deleted
 * others between them. */
int64_t stream_number_of(const struct stream *s, struct stream_id id);

/* Notes that a group reads the entry after its last one. */
void stream_read_by(const struct stream *s, struct group *g,
                    struct stream_id id);

/* Frees an entry's stream with all its nodes and groups; or about so many nodes
 * or pending entries. The second returns whether there are more; the first must
 * follow in the end. */
void stream_free(struct entry *e);
bool stream_free_some(struct entry *e, size_t count);

#endif
