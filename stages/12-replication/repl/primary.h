/* primary: the servers that follow this one, and what they are sent.
 *
 *   PSYNC ? -1         a snapshot, then all that was changed since its fork
 *   PSYNC <id> <n>     the stream from byte n on, if the backlog still has it
 *
 *   replica A   file ======>|                        receives the snapshot
 *   stream      ------------+----------------+--->   offset
 *   replica B               |          reads here    online
 *               fork: A's place in the stream
 *
 * A replica takes its place in the stream when the child is forked, so whatever
 * is changed while the child saves and the file is sent is after that place. A
 * replica that comes while a child saves for another one gets the same
 * snapshot, and takes the same place.
 *
 * A replica is a client whose socket is fed from a file and from the stream,
 * besides the few replies that it gets. What it sends are REPLCONF ACKs. */
#ifndef REPL_PRIMARY_H
#define REPL_PRIMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/slice.h"
#include "net/client.h"
#include "repl/backlog.h"

enum replica_state {
    REPLICA_NONE, /* the client does not follow this server */
    REPLICA_WAITS, /* for a child to begin */
    REPLICA_SAVING, /* a child saves for it */
    REPLICA_RECEIVES, /* is sent the file */
    REPLICA_ONLINE /* is sent the stream */
};

/* What is kept for each client. */
struct replica {
    struct client *client; /* set when it begins to follow */
    struct replica *next;
    enum replica_state state;
    struct stream_reader reader; /* from REPLICA_SAVING on */
    int64_t ack_offset; /* how far it is, as it says */
    int64_t ack_ms; /* when it said so, on the monotonic clock */

    struct slice file; /* the snapshot, mapped, while it receives */
    size_t file_sent; /* bytes of it */

    int64_t port; /* on which it listens, as it says */
    char *ip; /* where it is to be reached; owned */
    bool has_psync2; /* learns the ID of a history that goes on */
    bool is_old; /* came with SYNC: is told no offset, sends no ACK */

    int64_t written; /* offset of the stream after its last command */
    int64_t awaited; /* the offset for which it waits */
    int64_t wanted; /* replicas that are to be so far */
};

struct primary {
    struct replica *replicas; /* those that follow, oldest first */
    bool wants_acks; /* GETACK is to be sent in this turn */
    int64_t timeout_s; /* a setting: for peers that are silent */
    int64_t ping_period_s; /* a setting */
    int64_t lag_max_bytes; /* a replica that is further behind is dropped */
};
extern struct primary primary;

/* Returns what is kept for a client. */
struct replica *replica_of(const struct client *c);

/* Lets a client follow from that offset of that history, without a snapshot.
 * Replies and returns true, or returns false if that is not possible. */
bool primary_continue(struct client *c, struct slice id, int64_t offset);

/* Lets a client follow from a snapshot. It is replied to when a child saves. */
void primary_sync(struct client *c);

/* Returns how many of the replicas that are online have acknowledged that
 * offset. */
int primary_count_acks(int64_t offset);

/* Appends bytes to the stream, if a backlog is kept. */
void primary_append(const void *bytes, size_t len);

/* Appends a command to it, after SELECT if it is in another database; nothing
 * if no backlog is kept, or if the stream is that of another server. */
void primary_append_effect(int db, int argc, const struct slice *argv);

/* Closes the connections of all replicas. */
void primary_drop_replicas(void);

/* Is to be called once a second. */
void primary_cron(void);

/* Call it before the first client connects. */
void primary_open(void);

#endif
