/* zmalloc: small blocks from slabs, large ones from malloc, all counted.
 *
 *   heap, one reserved range of addresses
 *   +--------+--------+--------+--------+- - - - - - - - - - - -+
 *   | slab 0 | slab 1 | slab 2 | slab 3 |  reserved, no memory   |
 *   +--------+--------+--------+--------+- - - - - - - - - - - -+
 *        |        a slab: 16 KB of equal cells
 *        |        +------+------+------+------+------+- - - - - +
 *        |        | used | free | used | free | used |  fresh   |
 *        |        +------+--|---+------+--^---+------+- - - - - +
 *        v                  +-------------+
 *   slabs[0] = { cell size, cells used, first free, fresh, next, previous }
 *
 * Whether a block is a cell, and of which slab, follows from its address, so
 * cells have no header. What is known of a slab stands in a table beside the
 * heap: headers inside it, 16 KB apart, would compete for a few cache lines.
 *
 * A cell comes from its class's current slab: from the chain of free cells,
 * else from the fresh part that was never handed out. When both are used up
 * another slab with room becomes current. A slab without used cells serves
 * any class; the memory of all but a few such slabs goes back to the system.
 * Allocating and freeing are O(1).
 *
 * With AddressSanitizer, or with -DZMALLOC_PLAIN=1 for valgrind, everything
 * goes to malloc, so that those see every block. */
#include "zmalloc.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <mach/mach.h>
#include <malloc/malloc.h>
#define malloc_usable_size malloc_size
#elif defined(__FreeBSD__)
#include <malloc_np.h>
#else
#include <malloc.h>
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ZMALLOC_PLAIN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || SIZE_MAX <= 0xffffffff
#define ZMALLOC_PLAIN 1
#endif

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

/* macOS and the BSDs would not take the pages at once after DONTNEED. */
#ifdef __linux__
#define GIVE_BACK MADV_DONTNEED
#else
#define GIVE_BACK MADV_FREE
#endif

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
/* Keeps the rare way out of a function, which then needs no stack frame. */
#define NOINLINE __attribute__((noinline))

/* AddressSanitizer shall refuse what is too large, as malloc does. */
#ifdef __SANITIZE_ADDRESS__
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}
#endif

enum {
    ALWAYS_THERE_BYTES = 1024 * 1024, /* without so much nothing works */
    GIVE_BACK_BYTES = 32 * 1024 * 1024, /* less is not worth the search */
};

static size_t used_memory;
static size_t freed_bytes; /* of large blocks, since memory was given back */
static size_t peak_memory;

/* The peak is kept here, where it rises, and not by sampling. */
static inline void count_allocated(size_t size)
{
    used_memory += size;
    if (used_memory > peak_memory)
        peak_memory = used_memory;
}

/* A server that goes on without memory would lose data; this one stops. */
static _Noreturn void out_of_memory(size_t size)
{
    fprintf(stderr, "Out Of Memory allocating %zu bytes!\n", size);
    fflush(stderr);
    abort();
}

/* ------------------------- blocks from malloc ------------------------- */

/* From malloc, counted at what malloc says the block can hold. */
static NOINLINE void *large_alloc(size_t size)
{
    void *block = malloc(size);
    if (block == NULL)
        out_of_memory(size);
    count_allocated(malloc_usable_size(block));
    return block;
}

/* Zeros that malloc gets from the system cost nothing until touched. NULL
 * when there is no memory. */
static void *try_large_calloc(size_t size)
{
    void *block = calloc(1, size);
    if (block != NULL)
        count_allocated(malloc_usable_size(block));
    return block;
}

static void *large_calloc(size_t size)
{
    void *block = try_large_calloc(size);
    if (block == NULL)
        out_of_memory(size);
    return block;
}

static NOINLINE void large_free(void *block)
{
    size_t size = malloc_usable_size(block);
    used_memory -= size;
    freed_bytes += size;
    free(block);
}

/* Both sizes are malloc's own, so the counter stays exact. A sanitizer's realloc
 * copies the block each time, where others move its pages: there a long one
 * that grows takes larger steps, or the square of its size would be copied. */
static void *large_realloc(void *block, size_t size)
{
    size_t had = malloc_usable_size(block);
    used_memory -= had;
#ifdef __SANITIZE_ADDRESS__
    if (size > had && size > 64 * 1024)
        size += size / 8;
#endif
    block = realloc(block, size);
    if (block == NULL)
        out_of_memory(size);
    count_allocated(malloc_usable_size(block));
    return block;
}

#ifdef ZMALLOC_PLAIN

/* malloc(0) may be NULL, which this module's callers must never see. */
static size_t at_least_one(size_t size)
{
    return size ? size : 1;
}

void *zmalloc(size_t size)
{
    return large_alloc(at_least_one(size));
}

static void *alloc_zeroed(size_t size)
{
    return large_calloc(at_least_one(size));
}

void *zrealloc(void *block, size_t size)
{
    size = at_least_one(size);
    return block ? large_realloc(block, size) : large_alloc(size);
}

void zfree(void *block)
{
    if (block != NULL)
        large_free(block);
}

size_t zmalloc_usable_size(const void *block)
{
    return malloc_usable_size((void *)block);
}

size_t zmalloc_good_size(size_t size)
{
    return at_least_one(size);
}

#else

/* ------------------------------- slabs -------------------------------- */

#define SLAB_SHIFT 14
#define SLAB_BYTES ((size_t)1 << SLAB_SHIFT)
#define COMMIT_BYTES ((size_t)1 << 20) /* the heap grows in such steps */

enum {
    SMALL_MAX = 512, /* larger blocks come from malloc */
    STEPS = SMALL_MAX / 8 + 1,
    CLASSES = 32,
    HOT_SLABS_MAX = 64, /* empty slabs that keep their memory: 1 MB */
    MALLOC_KEEPS_BYTES = 4 * 1024 * 1024, /* at its end, when it is free */
    MALLOC_MAPS_BYTES = 1024 * 1024, /* for a block of its own */
};

/* A free cell holds the address of the next one. */
struct cell {
    struct cell *next;
};

/* Where a slab is. Only a full one needs attention when a cell is freed. */
enum place { CURRENT, PARTIAL, FULL };

struct slab {
    struct cell *free; /* cells given back, the latest first */
    struct slab *next; /* in the list of its place */
    struct slab *prev; /* in the PARTIAL list only */
    uint16_t fresh; /* offset of the first byte never handed out */
    uint16_t used; /* cells handed out */
    uint16_t cell_size;
    uint8_t class;
    uint8_t place; /* enum place */
};

/* 8 to 128 by 8, to 256 by 16, to 512 by 32. */
static const uint16_t cell_sizes[CLASSES] = {
    8,   16,  24,  32,  40,  48,  56,  64,  72,  80,  88,
    96,  104, 112, 120, 128, 144, 160, 176, 192, 208, 224,
    240, 256, 288, 320, 352, 384, 416, 448, 480, 512,
};

/* What `current` holds at first: a slab that is used up. */
static struct slab no_slab = {
    .fresh = SLAB_BYTES, .cell_size = 8, .place = FULL};

static uint8_t class_of_step[STEPS]; /* of a size, in steps of 8 bytes */
static struct slab *current[CLASSES] = {&no_slab};
static struct slab *partial[CLASSES]; /* slabs with used and free cells */
static struct slab *hot_slabs; /* empty, with memory */
static struct slab *cold_slabs; /* empty, their memory given back */
static int hot_slab_count;

static uintptr_t heap; /* where it starts */
static size_t heap_reserved; /* 0: there is none, malloc serves all */
static size_t heap_committed; /* readable and writable, from the start */
static size_t heap_used; /* cut into slabs, from the start */
static struct slab *slabs; /* one for each slab of the heap */

/* One comparison does: an address below the heap wraps to a huge offset. */
static inline bool is_cell(const void *block)
{
    return (uintptr_t)block - heap < heap_used;
}

/* The slab that a cell belongs to. */
static inline struct slab *slab_of(const void *cell)
{
    return &slabs[((uintptr_t)cell - heap) >> SLAB_SHIFT];
}

/* Where the cells of a slab start. */
static inline char *slab_bytes(const struct slab *slab)
{
    return (char *)heap + ((size_t)(slab - slabs) << SLAB_SHIFT);
}

/* The smallest class whose cells hold `size` bytes. */
static inline unsigned class_of(size_t size)
{
    return class_of_step[(size + 7) / 8];
}

/* Takes as much address space as the system allows, up to 256 GB; it costs
 * nothing until it is used. The table in front takes 1/512 of it. */
static void reserve_heap(void)
{
    for (size_t size = (size_t)1 << 38; size >= (size_t)1 << 28; size /= 4) {
        size_t table = size / SLAB_BYTES * sizeof(struct slab);
        size_t total = table + size + SLAB_BYTES;
        char *at = mmap(NULL, total, PROT_NONE,
                        MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0);
        if (at == MAP_FAILED)
            continue;
        if (mprotect(at, table, PROT_READ | PROT_WRITE) != 0) {
            munmap(at, total);
            continue;
        }
        slabs = (struct slab *)at;
        heap = ((uintptr_t)at + table + SLAB_BYTES - 1) & ~(SLAB_BYTES - 1);
        heap_reserved = size;
        return;
    }
}

/* glibc gives the end of its heap back as soon as 128 KB are free there, and
 * asks for it again in the next turn; other buffers come and go too often. */
static void keep_free_end_of_malloc(void)
{
#ifdef M_TRIM_THRESHOLD
    mallopt(M_TRIM_THRESHOLD, MALLOC_KEEPS_BYTES);
    mallopt(M_MMAP_THRESHOLD, MALLOC_MAPS_BYTES);
#endif
}

/* Runs before the first cell is handed out. */
static void init(void)
{
    static bool done;
    if (done)
        return;
    done = true;
    keep_free_end_of_malloc();
    unsigned fitting = 0;
    for (size_t step = 0; step < STEPS; step++) {
        if (step * 8 > cell_sizes[fitting])
            fitting++;
        class_of_step[step] = (uint8_t)fitting;
    }
    for (unsigned i = 0; i < CLASSES; i++)
        current[i] = &no_slab;
    reserve_heap();
}

/* Cuts the next slab off the heap; NULL when there is no more. */
static struct slab *grow_heap(void)
{
    if (heap_used == heap_committed) {
        if (heap_committed == heap_reserved ||
            mprotect((char *)heap + heap_committed, COMMIT_BYTES,
                     PROT_READ | PROT_WRITE) != 0)
            return NULL;
        heap_committed += COMMIT_BYTES;
    }
    struct slab *slab = &slabs[heap_used >> SLAB_SHIFT];
    heap_used += SLAB_BYTES;
    return slab;
}

static struct slab *pop_slab(struct slab **list)
{
    struct slab *slab = *list;
    *list = slab->next;
    return slab;
}

/* A slab of fresh cells: one with memory, one without, or a new one. NULL
 * when the heap is used up. */
static struct slab *new_slab(unsigned class)
{
    struct slab *slab;
    if (hot_slabs != NULL) {
        slab = pop_slab(&hot_slabs);
        hot_slab_count--;
    } else if (cold_slabs != NULL) {
        slab = pop_slab(&cold_slabs);
    } else {
        slab = grow_heap();
    }
    if (slab != NULL)
        *slab = (struct slab){.cell_size = cell_sizes[class],
                              .class = (uint8_t) class};
    return slab;
}

/* Puts a slab without used cells aside, for any class. */
static void retire_slab(struct slab *slab)
{
    struct slab **list = &hot_slabs;
    if (hot_slab_count < HOT_SLABS_MAX) {
        hot_slab_count++;
    } else {
        madvise(slab_bytes(slab), SLAB_BYTES, GIVE_BACK);
        list = &cold_slabs;
    }
    slab->next = *list;
    *list = slab;
}

/* To the front of its class's list. */
static void add_partial(struct slab *slab)
{
    struct slab **list = &partial[slab->class];
    slab->place = PARTIAL;
    slab->prev = NULL;
    slab->next = *list;
    if (slab->next != NULL)
        slab->next->prev = slab;
    *list = slab;
}

static void remove_partial(struct slab *slab)
{
    if (slab->next != NULL)
        slab->next->prev = slab->prev;
    if (slab->prev != NULL)
        slab->prev->next = slab->next;
    else
        partial[slab->class] = slab->next;
}

/* The first cell of the free chain, which must not be empty. */
static inline void *take_free(struct slab *slab)
{
    struct cell *cell = slab->free;
    slab->free = cell->next;
    slab->used++;
    count_allocated(slab->cell_size);
    return cell;
}

/* The next cell never handed out, for which there must be room. */
static inline void *take_fresh(struct slab *slab)
{
    char *cell = slab_bytes(slab) + slab->fresh;
    slab->fresh = (uint16_t)(slab->fresh + slab->cell_size);
    slab->used++;
    count_allocated(slab->cell_size);
    return cell;
}

/* Whether a cell fits into what was never handed out. */
static inline bool has_fresh(const struct slab *slab)
{
    return (size_t)slab->fresh + slab->cell_size <= SLAB_BYTES;
}

/* The current slab is used up: makes another one current. */
static NOINLINE void *refill_and_take(size_t size)
{
    init();
    unsigned class = class_of(size);
    struct slab *slab = partial[class];
    if (slab != NULL)
        remove_partial(slab);
    else
        slab = new_slab(class);
    if (slab == NULL)
        return large_alloc(cell_sizes[class]); /* as good_size promises */
    current[class]->place = FULL;
    current[class] = slab;
    slab->place = CURRENT;
    return slab->free ? take_free(slab) : take_fresh(slab);
}

/* A cell was freed in a slab that was full, or that has no other. */
static NOINLINE void update_place(struct slab *slab)
{
    if (slab->place == FULL)
        add_partial(slab);
    if (slab->place == PARTIAL && slab->used == 0) {
        remove_partial(slab);
        retire_slab(slab);
    }
}

/* To the front of its slab's chain: the next one taken is warm. */
static inline void free_cell(struct cell *cell)
{
    struct slab *slab = slab_of(cell);
    cell->next = slab->free;
    slab->free = cell;
    used_memory -= slab->cell_size;
    slab->used--;
    if (UNLIKELY(slab->used == 0 || slab->place == FULL))
        update_place(slab);
}

/* The common way is a table, a chain and a counter; it calls nothing. */
void *zmalloc(size_t size)
{
    if (UNLIKELY(size > SMALL_MAX))
        return large_alloc(size);
    struct slab *slab = current[class_of(size)];
    if (LIKELY(slab->free != NULL))
        return take_free(slab);
    if (LIKELY(has_fresh(slab)))
        return take_fresh(slab);
    return refill_and_take(size);
}

/* A cell may have been used before; what calloc gives is clean already. */
static void *alloc_zeroed(size_t size)
{
    return size > SMALL_MAX ? large_calloc(size)
                            : memset(zmalloc(size), 0, size);
}

void zfree(void *block)
{
    if (LIKELY(is_cell(block)))
        free_cell(block);
    else if (block != NULL)
        large_free(block);
}

/* Stays in place when the size has the same class. */
void *zrealloc(void *block, size_t size)
{
    if (block == NULL)
        return zmalloc(size);
    size_t usable;
    if (is_cell(block)) {
        usable = slab_of(block)->cell_size;
        if (size <= SMALL_MAX && cell_sizes[class_of(size)] == usable)
            return block;
    } else {
        if (size > SMALL_MAX)
            return large_realloc(block, size);
        usable = malloc_usable_size(block);
    }
    void *moved = zmalloc(size);
    memcpy(moved, block, size < usable ? size : usable);
    zfree(block);
    return moved;
}

size_t zmalloc_usable_size(const void *block)
{
    if (is_cell(block))
        return slab_of(block)->cell_size;
    return malloc_usable_size((void *)block);
}

size_t zmalloc_good_size(size_t size)
{
    init();
    if (size > SMALL_MAX || heap_reserved == 0)
        return size;
    return cell_sizes[class_of(size)];
}

#endif

/* --------------------------- for both kinds --------------------------- */

void *zcalloc(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        out_of_memory(SIZE_MAX);
    return alloc_zeroed(total);
}

void *ztry_calloc(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total) || total > PTRDIFF_MAX)
        return NULL;
    return total > ALWAYS_THERE_BYTES ? try_large_calloc(total)
                                      : alloc_zeroed(total);
}

size_t zmalloc_used_memory(void)
{
    return used_memory;
}

size_t zmalloc_peak_memory(void)
{
    return peak_memory;
}

/* malloc gives back by itself what is free at the end of its heap; one block in
 * use there keeps all that is free below it. */
void zmalloc_give_back(void)
{
    if (freed_bytes < GIVE_BACK_BYTES)
        return;
    freed_bytes = 0;
#ifdef __GLIBC__
    if (zmalloc_resident() > used_memory + GIVE_BACK_BYTES)
        malloc_trim(0);
#endif
}

void zmalloc_reset_peak(void)
{
    peak_memory = used_memory;
}

#if defined(__linux__)

/* /proc/self/statm: the second number is the resident pages. */
size_t zmalloc_resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;
    if (file == NULL)
        return 0;
    if (fscanf(file, "%*u %lu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

#elif defined(__APPLE__)

size_t zmalloc_resident(void)
{
    struct mach_task_basic_info info;
    mach_msg_type_number_t count = MACH_TASK_BASIC_INFO_COUNT;
    if (task_info(mach_task_self(), MACH_TASK_BASIC_INFO, (task_info_t)&info,
                  &count) != KERN_SUCCESS)
        return 0;
    return info.resident_size;
}

#else

size_t zmalloc_resident(void)
{
    return 0;
}

#endif
