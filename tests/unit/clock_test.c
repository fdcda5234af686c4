#include "common/clock.h"

#include <time.h>
#include <unistd.h>

#include "check.h"

/* The ticked time stands still between two ticks. */
static void test_tick(void)
{
    int64_t earlier = clock_us();
    int64_t ticked = clock_tick();
    CHECK(ticked >= earlier);
    usleep(3000);
    CHECK_INT(clock_ticked_us(), ticked);
    CHECK_INT(clock_ticked_ms(), ticked / 1000);
    CHECK(clock_tick() - ticked >= 3000);
}

void test_clock(void)
{
    int64_t wall = clock_us();
    CHECK(wall / 1000000 - time(NULL) <= 1 && time(NULL) - wall / 1000000 <= 1);
    CHECK(clock_ms() - wall / 1000 < 1000 && clock_ms() >= wall / 1000);
    int64_t before = monotonic_us();
    for (int i = 0; i < 1000; i++) {
        int64_t now = monotonic_us();
        CHECK(now >= before);
        before = now;
    }
    int64_t before_ms = monotonic_ms();
    usleep(20000);
    int64_t slept_us = monotonic_us() - before;
    CHECK(slept_us >= 20000 && slept_us < 10000000);
    CHECK(monotonic_ms() - before_ms >= 19);
    test_tick();
}
