/* extension: what is kept for each client beside what serving it needs. */
#ifndef MORE_NET_EXTENSION_H
#define MORE_NET_EXTENSION_H

#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"
#include "net/client.h"

enum client_extension_flag {
    CLIENT_POSTPONED = 1 << 7, /* its command waits; one of CLIENT_STOPPED */
    CLIENT_UNIX_SOCKET = 1 << 16,
    CLIENT_REPLY_OFF = 1 << 17,
    CLIENT_REPLY_SKIP_NEXT = 1 << 18, /* the next command gets no reply */
    CLIENT_REPLY_SKIP = 1 << 19, /* this is that command */
    CLIENT_NO_EVICT = 1 << 20,
    CLIENT_NEVER_PAUSED = 1 << 21,
    CLIENT_BEFORE_LOGIN = 1 << 22, /* has to log in first */
};

/* Those before CLASS_COUNT have output limits; a link to a primary has none. */
enum client_class {
    CLASS_NORMAL,
    CLASS_REPLICA,
    CLASS_PUBSUB,
    CLASS_COUNT,
    CLASS_PRIMARY = CLASS_COUNT,
};

struct client_extension {
    char *name; /* NULL, or what the client called itself; owned */
    int64_t created_ms;
    int64_t over_limit_since_ms; /* the soft output limit; 0: is below it */
    struct slice *held; /* the arguments of a postponed command, and behind them
                           their bytes; owned */
    int held_count;
    /* Those whose commands were postponed before and after (pause.c). */
    struct client *postponed_before, *postponed_after;
};

/* Call it before the first client comes. */
void extension_open(void);

struct client_extension *extension_of(const struct client *c);

/* Copies the name, or clears it when it is empty. */
void client_set_name(struct client *c, struct slice name);

enum client_class client_class(const struct client *c);

/* Lets fn find the class of a client. Until then all are CLASS_NORMAL. */
void client_class_set(enum client_class (*fn)(const struct client *c));

/* Bytes of memory that the blocks of the output take; *blocks is their
 * number. */
size_t output_memory(const struct output *o, size_t *blocks);

/* Bytes of memory that the client takes, with its buffers and with what the
 * function says that is set here. */
size_t client_memory(const struct client *c);
void client_memory_extend(size_t (*fn)(const struct client *c));

#endif
