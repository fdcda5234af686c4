/* stream: what commands for streams share.
 *
 * Each function named ..._or_reply parses arguments and returns true. It
 * replies with an error and returns false if one is invalid. */
#ifndef COMMAND_STREAM_H
#define COMMAND_STREAM_H

#include "store/stream.h"

struct client;

/* Replies with an error and returns false. */
bool refuse(struct client *c, const char *error);

/* Parses an ID: ms-seq, or ms alone for ms-0. */
bool id_or_reply(struct client *c, struct slice arg, struct stream_id *id);

/* Checks that the arguments from `first` on are IDs. */
bool ids_or_reply(struct client *c, int first);

/* Parses the ends of a range, both included: an ID, - or + for the smallest and
 * the largest, or ( and an ID for the one behind it or before it. */
bool range_ids_or_reply(struct client *c, struct slice first, struct slice last,
                        struct stream_id *start, struct stream_id *end);

/* Replies with an ID, or with an entry: an array of its ID and of its fields
 * and values. The iterator is at that entry. */
void reply_id(struct client *c, struct stream_id id);
void reply_entry(struct client *c, struct stream_iterator *it);

/* Returns the consumer of that name, which asks for entries now; creates it if
 * it is missing. That is a change of the key, and replaces what the client's
 * command would be propagated as: by the new consumer if `is_propagated`, else
 * by what the caller propagates, if anything. */
struct consumer *consumer_open(struct client *c, struct slice key,
                               struct group *g, struct slice name,
                               bool is_propagated);

/* Propagates that a pending entry belongs to its consumer, as XCLAIM with all
 * that is known of it. */
void propagate_claim(struct client *c, struct slice key, const struct group *g,
                     const struct pending *p);

/* Propagates how far a group has read, as XGROUP SETID. */
void propagate_group(struct client *c, struct slice key, const struct group *g);

/* Looks up the stream of argument 2 and its group of argument 3, for XGROUP.
 * Replies with an error and returns NULL if one is missing. */
struct group *xgroup_group_or_reply(struct client *c, struct entry **e);

/* Looks up a group of a stream. Replies with an error and returns NULL if there
 * is none; `where` is the end of it. */
struct group *group_or_reply(struct client *c, struct slice key,
                             struct slice name, const char *where);

/* XPENDING key group: replies with the number of pending entries, the first and
 * the last ID, and how many each consumer has. */
void xpending_command(struct client *c);

#endif
