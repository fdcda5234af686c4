#include "common/zmalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "common/random.h"

enum {
    SMALL_MAX = 512, /* larger ones come from malloc */
    SIZES_MAX = 700
};

struct block {
    unsigned char *at;
    size_t size;
    unsigned char mark; /* what each of its bytes holds */
};

/* Fills to the last usable byte: a cell too short spoils its neighbour. */
static void fill(struct block *b)
{
    static unsigned char next;
    b->mark = ++next;
    b->size = zmalloc_usable_size(b->at);
    memset(b->at, b->mark, b->size);
}

static bool is_intact(const struct block *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (b->at[i] != b->mark)
            return false;
    return true;
}

static bool is_zero(const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

/* Sizes at random, mostly small. */
static size_t random_size(void)
{
    if (random_below(200) == 0)
        return random_below(100000);
    return random_below(SIZES_MAX >> random_below(5));
}

/* One step on a block that may or may not be there. */
static void change(struct block *b)
{
    size_t size = random_size();
    if (b->at == NULL && random_below(4) == 0) {
        b->at = zcalloc(size, 1);
        CHECK(is_zero(b->at, size));
    } else if (b->at == NULL) {
        b->at = zmalloc(size);
    } else if (random_below(3) == 0) {
        size_t kept = size < b->size ? size : b->size;
        b->at = zrealloc(b->at, size);
        CHECK(is_intact(b, kept));
    } else {
        CHECK(is_intact(b, b->size));
        zfree(b->at);
        b->at = NULL;
        return;
    }
    CHECK(zmalloc_usable_size(b->at) >= size);
    fill(b);
}

/* A million random steps. Every byte of every live block is checked when it
 * goes, and the counter against the sum over all of them. */
static void test_random_lives(void)
{
    enum { BLOCKS = 5000, STEPS = 1000000, CHECKPOINT = 50000 };
    static struct block blocks[BLOCKS];
    size_t before = zmalloc_used_memory();
    for (int step = 0; step <= STEPS; step++) {
        change(&blocks[random_below(BLOCKS)]);
        if (step % CHECKPOINT != 0)
            continue;
        size_t sum = before;
        for (int i = 0; i < BLOCKS; i++)
            if (blocks[i].at != NULL)
                sum += zmalloc_usable_size(blocks[i].at);
        CHECK(zmalloc_used_memory() == sum);
        CHECK(zmalloc_peak_memory() >= sum);
    }
    for (int i = 0; i < BLOCKS; i++) {
        if (blocks[i].at != NULL)
            CHECK(is_intact(&blocks[i], blocks[i].size));
        zfree(blocks[i].at);
    }
    CHECK(zmalloc_used_memory() == before);
}

/* Few sizes, and all blocks go several times: slabs become full, partly used,
 * current again and empty in every order. */
static void test_tides(void)
{
    enum { BLOCKS = 3000, TIDES = 60 };
    static struct block blocks[BLOCKS];
    static const size_t sizes[] = {24, 96, 512};
    size_t before = zmalloc_used_memory();
    for (int tide = 0; tide < TIDES; tide++) {
        size_t high = random_below(BLOCKS) + 1;
        for (size_t i = 0; i < high; i++) {
            blocks[i].at = zmalloc(sizes[random_below(3)]);
            fill(&blocks[i]);
            if (random_below(3) == 0)
                change(&blocks[random_below(i + 1)]);
        }
        for (; high > 0; high--) {
            struct block *b = &blocks[random_below(high)];
            if (b->at != NULL)
                CHECK(is_intact(b, b->size));
            zfree(b->at);
            *b = blocks[high - 1];
            blocks[high - 1].at = NULL;
        }
        CHECK(zmalloc_used_memory() == before);
    }
}

/* Each size: alignment, no more than the promised waste, and good_size. */
static void test_sizes(void)
{
    for (size_t size = 0; size <= SIZES_MAX; size++) {
        unsigned char *block = zmalloc(size);
        size_t usable = zmalloc_usable_size(block);
        CHECK(usable >= size && usable > 0);
        CHECK(usable < size + 8 + size / 8 + 24);
        CHECK((uintptr_t)block % 8 == 0);
        CHECK(usable % 16 != 0 || (uintptr_t)block % 16 == 0);
        CHECK(zmalloc_good_size(size) >= size);
        CHECK(zmalloc_good_size(size) <= usable);
        memset(block, 0xff, usable);
        size_t good = zmalloc_good_size(size);
        unsigned char *after = zrealloc(block, good);
        if (size > 0 && size <= SMALL_MAX && good != size)
            CHECK(after == block);
        zfree(after);
    }
}

static void test_realloc(void)
{
    size_t before = zmalloc_used_memory();
    struct block b = {.at = zrealloc(NULL, 10)};
    for (size_t size = 1; size < 200000; size += size / 3 + 1) {
        b.mark = (unsigned char)size;
        memset(b.at, b.mark, size);
        b.at = zrealloc(b.at, size + size / 3 + 1);
        CHECK(is_intact(&b, size));
    }
    for (size_t size = 100000; size > 0; size /= 2) {
        b.at = zrealloc(b.at, size);
        CHECK(is_intact(&b, size < 1000 ? size : 1000));
    }
    b.at = zrealloc(b.at, 0);
    CHECK(b.at != NULL);
    zfree(b.at);
    zfree(NULL);
    CHECK(zmalloc_used_memory() == before);
}

static void test_peak(void)
{
    zmalloc_reset_peak();
    size_t before = zmalloc_used_memory();
    CHECK(zmalloc_peak_memory() == before);
    void *block = zmalloc(1000000);
    size_t high = zmalloc_used_memory();
    CHECK(high >= before + 1000000);
    zfree(block);
    CHECK(zmalloc_peak_memory() == high);
    CHECK(zmalloc_used_memory() == before);
    zmalloc_reset_peak();
    CHECK(zmalloc_peak_memory() == before);
}

/* Whether there are slabs, and a system that takes memory back at once. */
static bool resident_is_exact(void)
{
#ifdef __linux__
    return zmalloc_good_size(1) > 1;
#else
    return false;
#endif
}

/* 64 MB of small blocks come and go: the memory goes back to the system, and
 * serves other sizes afterwards. */
static void test_giving_back(void)
{
    enum { BLOCKS = 1000000, SIZE = 64 };
    static void *blocks[BLOCKS];
    memset(blocks, 1, sizeof blocks); /* the array itself is resident now */
    size_t start = zmalloc_resident();
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = memset(zmalloc(SIZE), 1, SIZE);
    size_t full = zmalloc_resident();
    for (int i = 0; i < BLOCKS; i++)
        zfree(blocks[i]);
    size_t empty = zmalloc_resident();
    for (int i = 0; i < BLOCKS / 2; i++)
        blocks[i] = memset(zmalloc(2 * SIZE), 1, SIZE);
    size_t again = zmalloc_resident();
    for (int i = 0; i < BLOCKS / 2; i++)
        zfree(blocks[i]);
    if (!resident_is_exact())
        return;
    CHECK(full >= start + 50000000);
    CHECK(empty <= start + 4000000);
    CHECK(again <= full + 4000000);
}

/* The cells that were freed all over 32 MB are used again before more memory
 * is taken. */
static void test_reuse(void)
{
    enum { BLOCKS = 500000, SIZE = 64 };
    static void *blocks[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = memset(zmalloc(SIZE), 1, SIZE);
    size_t full = zmalloc_resident();
    for (int i = 0; i < BLOCKS; i += 2)
        zfree(blocks[i]);
    for (int i = 0; i < BLOCKS; i += 2)
        blocks[i] = memset(zmalloc(SIZE), 1, SIZE);
    if (resident_is_exact())
        CHECK(zmalloc_resident() <= full + 1000000);
    for (int i = 0; i < BLOCKS; i++)
        zfree(blocks[i]);
}

static void overflow_calloc(void)
{
    zcalloc(SIZE_MAX / 8, 16);
}

static void exhaust_memory(void)
{
    zmalloc((size_t)1 << 62);
}

/* What may fail does not end the process, and leaves nothing behind. */
static void test_try(void)
{
    size_t before = zmalloc_used_memory();
    CHECK(ztry_calloc(SIZE_MAX, 2) == NULL);
    CHECK(ztry_calloc(SIZE_MAX / 2, 1) == NULL);
    CHECK(ztry_calloc((size_t)1 << 30, (size_t)1 << 30) == NULL);
    CHECK(zmalloc_used_memory() == before);
    char *zeros = ztry_calloc(100, 3);
    CHECK(zeros && zeros[0] == 0 && zeros[299] == 0);
    zfree(zeros);
    zeros = ztry_calloc(1024, 4096);
    CHECK(zeros && zeros[0] == 0 && zeros[1024 * 4096 - 1] == 0);
    zfree(zeros);
    CHECK(zmalloc_used_memory() == before);
}

void test_zmalloc(void)
{
    test_try();
    test_sizes();
    test_realloc();
    test_random_lives();
    test_tides();
    test_peak();
    test_giving_back();
    test_reuse();
    CHECK(check_aborts(overflow_calloc, "Out Of Memory allocating"));
    CHECK(check_aborts(exhaust_memory,
                       "Out Of Memory allocating 4611686018427387904 bytes!"));
}
