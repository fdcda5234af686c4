/* zmalloc: memory that is counted.
 *
 * Every byte handed out is counted at the allocator's own usable size, so
 * `zmalloc_used_memory` is what the data really costs. Allocation never
 * returns NULL, ztry_calloc aside: out of memory ends the process with a
 * message.
 *
 * Small blocks, up to 512 bytes, come from slabs of equal-sized cells without
 * a header per block; larger ones from malloc. A block is aligned to 8 bytes,
 * and to 16 when its usable size is a multiple of 16. A block of size 0 is a
 * block like others. Only the main thread may allocate. */
#ifndef COMMON_ZMALLOC_H
#define COMMON_ZMALLOC_H

#include <stddef.h>

void *zmalloc(size_t size);

/* Zeroed; a product that overflows is out of memory. */
void *zcalloc(size_t count, size_t size);

/* As zcalloc, but returns NULL when there is no memory, or the product
 * overflows: for what a client may make as large as it likes. */
void *ztry_calloc(size_t count, size_t size);

/* Stays where it is when the usable size would be the same. NULL is as in
 * zmalloc. */
void *zrealloc(void *block, size_t size);

void zfree(void *block); /* NULL is no block, and fine */

/* How many bytes of the block may be used: at least what was asked for. */
size_t zmalloc_usable_size(const void *block);

/* The usable size that a block of `size` bytes would get, for small sizes;
 * two sizes with the same answer fit the same block. */
size_t zmalloc_good_size(size_t size);

/* Bytes in use now, and at most since the start or the last reset. */
size_t zmalloc_used_memory(void);
size_t zmalloc_peak_memory(void);
void zmalloc_reset_peak(void);

/* Gives free memory back to the system, if much was freed since the last call.
 * Call it now and then: it searches all that is free. */
void zmalloc_give_back(void);

/* Resident memory of the process in bytes, as the system sees it; 0 where
 * the system does not say. */
size_t zmalloc_resident(void);

#endif
