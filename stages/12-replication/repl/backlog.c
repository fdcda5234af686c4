#include "repl/backlog.h"

#include <string.h>

#include "common/random.h"
#include "common/zmalloc.h"
#include "store/memory.h"

enum { BLOCK_BYTES = 16 * 1024 };

struct stream_block {
    struct stream_block *next;
    int64_t start; /* bytes of the stream before it */
    int readers; /* that are in it: it must stay */
    size_t used, capacity;
    char bytes[];
};

struct backlog backlog = {.id2_offset = -1};

/* Uses that ID, or a new one if it is NULL. */
static void set_id(const char *id)
{
    if (id)
        memcpy(backlog.id, id, HISTORY_ID_LEN);
    else
        random_hex(backlog.id, HISTORY_ID_LEN);
}

void history_begin(const char *id)
{
    set_id(id);
    backlog.id2[0] = '\0';
    backlog.id2_offset = -1;
}

/* An offset is that of the next byte where histories are compared, as in PSYNC:
 * so the first that is not in common is one more than what was counted. */
void history_fork(const char *id)
{
    memcpy(backlog.id2, backlog.id, sizeof backlog.id2);
    backlog.id2_offset = backlog.offset + 1;
    set_id(id);
}

bool history_has(struct slice id, int64_t offset)
{
    return slice_is(id, backlog.id) ||
           (slice_is(id, backlog.id2) && offset < backlog.id2_offset);
}

/* Links a block for at least that many bytes. */
static void add_block(size_t len)
{
    size_t capacity = len > BLOCK_BYTES ? len : BLOCK_BYTES;
    struct stream_block *block = zmalloc(sizeof *block + capacity);
    *block =
        (struct stream_block){.start = backlog.offset, .capacity = capacity};
    if (backlog.last)
        backlog.last->next = block;
    else
        backlog.first = block;
    backlog.last = block;
    backlog.bytes += capacity;
}

/* There is always a block, so that a reader at the end is in one. */
void backlog_open(void)
{
    backlog.start = backlog.offset;
    add_block(0);
}

/* Frees the first block. */
static void drop_first(void)
{
    struct stream_block *block = backlog.first;
    backlog.first = block->next;
    backlog.bytes -= block->capacity;
    if (backlog.first)
        backlog.start = backlog.first->start;
    else
        backlog.last = NULL;
    zfree(block);
}

void backlog_close(void)
{
    while (backlog.first)
        drop_first();
    memory_not_counted = 0;
}

/* What replicas have not read yet must not cost keys: to evict one would make
 * the stream longer still. */
void backlog_trim(void)
{
    if (backlog.size < BLOCK_BYTES)
        backlog.size = BLOCK_BYTES;
    while (backlog.first != backlog.last && backlog.first->readers == 0 &&
           backlog.offset - backlog.first->next->start >= backlog.size)
        drop_first();
    size_t size = (size_t)backlog.size;
    memory_not_counted = backlog.bytes > size ? backlog.bytes - size : 0;
}

void backlog_append(const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        struct stream_block *block = backlog.last;
        size_t count = block->capacity - block->used;
        if (count > len)
            count = len;
        memcpy(block->bytes + block->used, at, count);
        block->used += count;
        backlog.offset += (int64_t)count;
        at += count;
        len -= count;
        if (len > 0)
            add_block(len);
    }
    backlog_trim();
}

bool backlog_join(struct stream_reader *r, int64_t offset)
{
    struct stream_block *block = backlog.first;
    if (!block || offset < backlog.start || offset > backlog.offset)
        return false;
    while (offset > block->start + (int64_t)block->used)
        block = block->next;
    block->readers++;
    *r = (struct stream_reader){block, offset};
    return true;
}

void backlog_leave(struct stream_reader *r)
{
    if (r->block)
        r->block->readers--;
    r->block = NULL;
}

struct slice backlog_read(struct stream_reader *r)
{
    struct stream_block *block = r->block;
    size_t at = (size_t)(r->offset - block->start);
    if (at == block->used && block->next) {
        block->readers--;
        r->block = block = block->next;
        block->readers++;
        at = 0;
        backlog_trim();
    }
    return (struct slice){block->bytes + at, block->used - at};
}
