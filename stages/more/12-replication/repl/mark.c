/* mark: snapshots whose length the primary does not know before, because its
 * child writes to the sockets of replicas and to no file.
 *
 *   <- $EOF:<40 bytes>  the snapshot  the same 40 bytes
 *
 * A primary sends nothing after them before it gets an ACK, so they are the end
 * of what has come. (replication.c in Redis.) */
#include <string.h>
#include <unistd.h>

#include "more/12-replication/repl/families.h"
#include "repl/link.h"

enum { MARK_BYTES = 40 };

static char mark[MARK_BYTES];

/* Returns whether the file ends with the mark, which is cut off then. */
static bool has_ended(void)
{
    char tail[MARK_BYTES];
    off_t end = lseek(link_up.file, 0, SEEK_CUR) - MARK_BYTES;
    return end >= 0 && link_up.file_left > INT64_MAX / 2 &&
           pread(link_up.file, tail, MARK_BYTES, end) == MARK_BYTES &&
           memcmp(tail, mark, MARK_BYTES) == 0 &&
           ftruncate(link_up.file, end) == 0;
}

static bool take_mark(struct slice head)
{
    const struct slice name = SLICE("EOF:");
    if (!head.ptr)
        return has_ended();
    if (head.len != name.len + MARK_BYTES ||
        memcmp(head.ptr, name.ptr, name.len) != 0)
        return false;
    memcpy(mark, head.ptr + name.len, MARK_BYTES);
    link_up.file_left = INT64_MAX;
    return true;
}

void mark_open(void)
{
    link_mark = take_mark;
}
