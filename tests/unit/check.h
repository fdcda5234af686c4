/* check: what a unit test needs.
 *
 * A module's tests are one function, listed in main.c. A check that fails
 * prints its place and the tests go on. */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"

#define CHECK(condition) check_that(__FILE__, __LINE__, condition, #condition)
#define CHECK_INT(got, wanted) check_int(__FILE__, __LINE__, got, wanted, #got)

/* Compares bytes with text; `about` says which case of many it was. */
#define CHECK_TEXT(got, wanted, about) \
    check_text(__FILE__, __LINE__, got, wanted, about)

/* A string literal as a constant `struct slice`. */
#define BYTES(literal)                 \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }

void check_that(const char *file, int line, bool holds, const char *text);
void check_int(const char *file, int line, int64_t got, int64_t wanted,
               const char *text);
void check_text(const char *file, int line, struct slice got,
                const char *wanted, struct slice about);

/* Around the tests of a module; the second prints its line and says whether
 * all checks held. */
void check_begin(void);
bool check_end(const char *module);

/* Runs the function in a child process, which must be killed by SIGABRT after
 * it wrote `message` to standard error. */
bool check_aborts(void (*function)(void), const char *message);

void test_buffer(void);
void test_clock(void);
void test_crc64(void);
void test_glob(void);
void test_log(void);
void test_lzf(void);
void test_numbers(void);
void test_quote(void);
void test_random(void);
void test_sha1(void);
void test_sha256(void);
void test_siphash(void);
void test_slice(void);
void test_zmalloc(void);

#endif
