/* The unit tests of common/, in one program.
 *
 *   unit_tests             all modules
 *   unit_tests glob log    these
 *
 * Prints a line per module and exits with 1 when any check failed. */
#include <stdio.h>
#include <string.h>

#include "check.h"

static const struct module {
    const char *name;
    void (*test)(void);
} modules[] = {
    {"slice", test_slice},     {"zmalloc", test_zmalloc},
    {"buffer", test_buffer},   {"numbers", test_numbers},
    {"clock", test_clock},     {"log", test_log},
    {"siphash", test_siphash}, {"random", test_random},
    {"glob", test_glob},       {"sha1", test_sha1},
    {"sha256", test_sha256},   {"quote", test_quote},
    {"crc64", test_crc64},     {"lzf", test_lzf},
};

enum { MODULES = sizeof modules / sizeof modules[0] };

/* Whether the module is to run: all do when none is named. */
static bool is_chosen(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc == 1;
}

static bool is_module(const char *name)
{
    for (size_t i = 0; i < MODULES; i++)
        if (strcmp(modules[i].name, name) == 0)
            return true;
    return false;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!is_module(argv[i])) {
            fprintf(stderr, "no module is called %s\n", argv[i]);
            return 2;
        }
    }
    bool all_passed = true;
    for (size_t i = 0; i < MODULES; i++) {
        if (!is_chosen(modules[i].name, argc, argv))
            continue;
        check_begin();
        modules[i].test();
        all_passed &= check_end(modules[i].name);
    }
    return all_passed ? 0 : 1;
}
