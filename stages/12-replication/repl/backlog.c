#include "repl/backlog.h"

#include <string.h>

#include "common/random.h"
#include "common/zmalloc.h"
#include "store/memory.h"

struct backlog backlog = {.id2_offset = -1};

void history_begin(void)
{
    random_hex(backlog.id, HISTORY_ID_LEN);
    backlog.id2[0] = '\0';
    backlog.id2_offset = -1;
}

/* An offset is that of the next byte where histories are compared, as in PSYNC:
 * so the first that is not in common is one more than what was counted. */
void history_fork(void)
{
    memcpy(backlog.id2, backlog.id, sizeof backlog.id2);
    backlog.id2_offset = backlog.offset + 1;
    random_hex(backlog.id, HISTORY_ID_LEN);
}

bool history_has(struct slice id, int64_t offset)
{
    return slice_is(id, backlog.id) ||
           (slice_is(id, backlog.id2) && offset < backlog.id2_offset);
}

void backlog_extend(void)
{
    struct stream_block *block = zcalloc(1, sizeof *block);
    block->start = backlog.offset;
    if (backlog.last)
        backlog.last->next = block;
    else
        backlog.first = block;
    backlog.last = block;
    backlog.bytes += STREAM_BLOCK_BYTES;
}

static void drop_first(void)
{
    struct stream_block *block = backlog.first;
    backlog.first = block->next;
    backlog.bytes -= STREAM_BLOCK_BYTES;
    zfree(block);
}

void backlog_close(void)
{
    while (backlog.first)
        drop_first();
    backlog.last = NULL;
    memory_not_counted = 0;
}

/* What replicas have not read yet must not cost keys: to evict one would make
 * the stream longer still. */
void backlog_trim(void)
{
    if (backlog.size < STREAM_BLOCK_BYTES)
        backlog.size = STREAM_BLOCK_BYTES;
    while (backlog.first != backlog.last && backlog.first->readers == 0 &&
           backlog.offset - backlog.first->next->start >= backlog.size)
        drop_first();
    int64_t more = backlog.bytes - backlog.size;
    memory_not_counted = more > 0 ? (size_t)more : 0;
}

void backlog_append(const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        if (backlog.last->used == STREAM_BLOCK_BYTES)
            backlog_extend();
        struct stream_block *block = backlog.last;
        size_t count = STREAM_BLOCK_BYTES - block->used;
        if (count > len)
            count = len;
        memcpy(block->bytes + block->used, at, count);
        block->used += count;
        backlog.offset += (int64_t)count;
        at += count;
        len -= count;
    }
    backlog_trim();
}

bool backlog_join(struct stream_reader *r, int64_t offset)
{
    struct stream_block *block = backlog.first;
    if (!block || offset < block->start || offset > backlog.offset)
        return false;
    while (offset > block->start + (int64_t)block->used)
        block = block->next;
    block->readers++;
    *r = (struct stream_reader){block, offset};
    return true;
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
