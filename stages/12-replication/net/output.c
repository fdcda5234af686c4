/* The chain of blocks:
 *
 *   head -> [ 1,000 bytes ] -> [ 16 KB ] -> [ a value of 1 MB ] -> [ 16 KB ]
 *             most turns         what          one append, one        ^ tail
 *             need no more       follows       block
 *
 * To append is to copy the bytes once. To send is one system call for up to 64
 * blocks; a block is freed when all of it has been sent.
 *
 * `pending` is always the sum of `used` over all blocks, less `sent`, which
 * counts in the head alone. When all of it has been sent no block is left, so
 * a client that is idle holds none. */
#include "net/output.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#include "common/zmalloc.h"

enum {
    FIRST_BLOCK_BYTES = 1000, /* most turns reply with less */
    BLOCK_BYTES = 16 * 1024 - 64, /* then fewer, larger ones */
    GATHER_MAX = 64, /* blocks in one writev */
};

/* Links a new, empty block of that size after the tail, which takes no more
 * from now on: bytes leave in the order in which they were appended. */
static struct output_block *add_block(struct output *o, size_t size)
{
    struct output_block *block = zmalloc(sizeof *block + size);
    block->next = NULL;
    block->used = 0;
    block->capacity = size;
    if (o->tail)
        o->tail->next = block;
    else
        o->head = block;
    o->tail = block;
    return block;
}

char *output_reserve(struct output *o, size_t len)
{
    /* A piece that is longer than a block gets one of just its length. What is
     * left at the end of the block before stays unused. */
    if (!o->tail || o->tail->capacity - o->tail->used < len) {
        bool is_long = o->tail && o->tail->capacity >= FIRST_BLOCK_BYTES;
        size_t size = is_long ? BLOCK_BYTES : FIRST_BLOCK_BYTES;
        add_block(o, size < len ? len : size);
    }
    return o->tail->bytes + o->tail->used;
}

size_t output_counted(const struct output *o)
{
    return o->pending > OUTPUT_FREE_BYTES ? o->pending - OUTPUT_FREE_BYTES : 0;
}

void output_commit(struct output *o, size_t len)
{
    /* A reply with bytes missing is of no use, so nothing follows the limit. */
    if (o->muted || o->over_limit)
        return;
    o->tail->used += len;
    o->pending += len;
    o->over_limit =
        o->limit && *o->limit && output_counted(o) >= (size_t)*o->limit;
}

void output_append(struct output *o, const void *bytes, size_t len)
{
    if (o->muted || o->over_limit)
        return;
    /* The first part fills the tail, the second goes into a new block. */
    size_t first = o->tail ? o->tail->capacity - o->tail->used : 0;
    if (first > len)
        first = len;
    if (first > 0) {
        memcpy(output_reserve(o, first), bytes, first);
        output_commit(o, first);
    }
    if (len > first) {
        memcpy(output_reserve(o, len - first), (const char *)bytes + first,
               len - first);
        output_commit(o, len - first);
    }
}

struct output_block *output_defer(struct output *o)
{
    if (o->muted || o->over_limit)
        return NULL;
    struct output_block *deferred = add_block(o, OUTPUT_DEFERRED_MAX);
    add_block(o, FIRST_BLOCK_BYTES);
    return deferred;
}

struct output_block *output_append_to(struct output *o,
                                      struct output_block *block)
{
    struct output_block *tail = o->tail;
    if (block)
        o->tail = block;
    return tail;
}

enum output_status output_send(struct output *o, int fd)
{
    while (o->pending > 0) {
        /* The kernel copies from all these places in one call. It may take less
         * than it is offered, down to a part of the first block. */
        struct iovec pieces[GATHER_MAX];
        int count = 0;
        size_t skip = o->sent; /* in the first block only */
        for (struct output_block *b = o->head; b && count < GATHER_MAX;
             b = b->next) {
            pieces[count].iov_base = b->bytes + skip;
            pieces[count].iov_len = b->used - skip;
            skip = 0;
            count++;
        }
        ssize_t written = writev(fd, pieces, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK ? OUTPUT_BLOCKED
                                                           : OUTPUT_FAILED;
        /* Free the blocks that have left as a whole. One that has left in part
         * stays, and `sent` says how much of it is gone. */
        o->pending -= (size_t)written;
        o->sent += (size_t)written;
        while (o->head && o->sent >= o->head->used) {
            struct output_block *done = o->head;
            o->sent -= done->used;
            o->head = done->next;
            zfree(done);
        }
        if (!o->head)
            o->tail = NULL;
    }
    return OUTPUT_DONE;
}

void output_free(struct output *o)
{
    while (o->head) {
        struct output_block *next = o->head->next;
        zfree(o->head);
        o->head = next;
    }
    o->tail = NULL;
    o->sent = o->pending = 0;
}
