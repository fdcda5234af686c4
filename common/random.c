/* random: the system's generator, and SplitMix64 (Steele, Lea, Flood: "Fast
 * splittable pseudorandom number generators", 2014) seeded from it. */
#include "random.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

enum { GETENTROPY_MAX = 256 };

/* The device every Unix has, for kernels without the system call. */
static bool read_device(unsigned char *out, size_t len)
{
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return false;
    while (len > 0) {
        ssize_t count = read(fd, out, len);
        if (count == 0 || (count < 0 && errno != EINTR))
            break;
        if (count > 0) {
            out += count;
            len -= (size_t)count;
        }
    }
    close(fd);
    return len == 0;
}

void random_bytes(void *out, size_t len)
{
    unsigned char *at = out;
    while (len > 0) {
        size_t part = len < GETENTROPY_MAX ? len : GETENTROPY_MAX;
        if (getentropy(at, part) != 0 && !read_device(at, part)) {
            fprintf(stderr, "The system gives no random bytes\n");
            abort();
        }
        at += part;
        len -= part;
    }
}

void random_hex(char *out, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char pool[32];
    for (size_t i = 0; i < len; i++) {
        if (i % sizeof pool == 0)
            random_bytes(pool, sizeof pool);
        out[i] = digits[pool[i % sizeof pool] & 15];
    }
    out[len] = '\0';
}

uint64_t random_u64(void)
{
    static uint64_t state;
    static bool seeded;
    if (!seeded) {
        random_bytes(&state, sizeof state);
        seeded = true;
    }
    state += 0x9e3779b97f4a7c15u;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* A plain remainder would favour small results. Instead numbers of just
 * enough bits are drawn until one fits; on average fewer than two. */
uint64_t random_below(uint64_t bound)
{
    uint64_t mask = UINT64_MAX;
    if (bound > 1)
        mask >>= __builtin_clzll(bound - 1);
    else
        return 0;
    uint64_t value;
    do
        value = random_u64() & mask;
    while (value >= bound);
    return value;
}
