/* extension: keeps a name, times and postponed commands for each client.
 *
 *   [ struct client | struct client_extension | ... ]     one allocation
 *
 * A lesson's client knows nothing of it: client_reserve makes room behind
 * it. */
#ifndef MORE_NET_EXTENSION_H
#define MORE_NET_EXTENSION_H

#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"
#include "net/client.h"

enum client_extension_flag {
    CLIENT_POSTPONED = 1 << 7, /* its command waits; part of CLIENT_STOPPED */
    CLIENT_UNIX_SOCKET = 1 << 16,
    CLIENT_REPLY_OFF = 1 << 17,
    CLIENT_REPLY_SKIP_NEXT = 1 << 18, /* the next command gets no reply */
    CLIENT_REPLY_SKIP = 1 << 19, /* this is that command */
    CLIENT_NO_EVICT = 1 << 20,
    CLIENT_NEVER_PAUSED = 1 << 21,
};

/* Classes before CLASS_COUNT have output limits; a link to a primary has
 * none. */
enum client_class {
    CLASS_NORMAL,
    CLASS_REPLICA,
    CLASS_PUBSUB,
    CLASS_COUNT,
    CLASS_PRIMARY = CLASS_COUNT,
};

struct client_extension {
    char *name; /* NULL until the client has named itself; owned */
    int64_t created_ms;
    int64_t over_limit_since_ms; /* the soft output limit; 0: is below it */
    struct slice *held; /* the arguments of a postponed command, followed by
                           their bytes; owned; NULL for none */
    int held_count;
};

/* Makes every client larger. Must be called before the first one connects. */
void extension_open(void);

/* Returns the client's extension, which lives as long as the client. */
struct client_extension *extension_of(const struct client *c);

/* Copies the name, or clears it when it is empty. */
void client_set_name(struct client *c, struct slice name);

/* Returns the class whose output limits apply to the client. */
enum client_class client_class(const struct client *c);

/* Returns the bytes of memory of the output's blocks; *blocks is their
 * number. */
size_t output_memory(const struct output *o, size_t *blocks);

/* Returns the bytes of memory of the client and its buffers. */
size_t client_memory(const struct client *c);

#endif
