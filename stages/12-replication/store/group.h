/* group: a consumer group, which reads a stream together.
 *
 *   group   last_id       entries up to this one have been delivered
 *           pending   --> tree   3-0 { bob, when, how often }
 *                                5-0 { ann, when, how often }
 *           consumers --> tree   ann   pending --> tree   the same 5-0
 *                                bob   pending --> tree   the same 3-0
 *
 * Each entry is delivered to one consumer, and is pending until that has
 * acknowledged it. What is pending is in two trees, so that the group and the
 * consumer can list theirs in order; the group's tree owns it. The entry itself
 * may be deleted meanwhile: what is pending has its ID only.
 *
 * All functions are O(log n). Knows IDs, but no stream. */
#ifndef STORE_GROUP_H
#define STORE_GROUP_H

#include "common/slice.h"
#include "store/stream_id.h"
#include "store/tree.h"

struct consumer {
    struct slice name; /* its own memory; first: the tree's key */
    int64_t seen_ms; /* when it last asked for entries */
    struct tree pending; /* those of the group's that it has */
};

/* An entry that was delivered and not acknowledged. */
struct pending {
    struct stream_id id; /* first: the key of both trees */
    struct consumer *consumer;
    int64_t delivered_ms; /* the last time */
    int64_t deliveries; /* how often */
};

/* What entries_read is if it is not known. */
enum { ENTRIES_READ_UNKNOWN = -1 };

struct group {
    struct slice name; /* its own memory; first: the tree's key */
    struct stream_id last_id; /* of the last entry that was delivered */
    int64_t entries_read; /* entries up to last_id */
    struct tree pending; /* of struct pending */
    struct tree consumers; /* of struct consumer */
};

/* Compares two names, or what begins with one. */
int name_compare(const void *a, const void *b);

/* Create a group or a consumer, whose name the tree does not have. */
struct group *group_create(struct tree *groups, struct slice name);
struct consumer *consumer_create(struct group *g, struct slice name);

/* Returns the group of that name, or NULL. */
struct group *group_find(const struct tree *groups, struct slice name);

/* Removes a group and frees it. */
void group_destroy(struct tree *groups, struct group *g);

/* Notes that an entry was delivered to a consumer, for the first time. If it is
 * pending already, it changes the consumer. */
struct pending *group_deliver(struct group *g, struct consumer *consumer,
                              struct stream_id id, int64_t now_ms);

/* Notes that an entry is not pending any more. Returns false if it was not. */
bool group_acknowledge(struct group *g, struct stream_id id);

/* Frees about that many pending entries or consumers of one group, and the
 * group with the last of them. Returns whether there are more groups. Between
 * the calls they are good for nothing else. */
bool groups_free_some(struct tree *groups, size_t count);

#endif
