/* fuzz_config: a libFuzzer target for the lines of a configuration file.
 *
 * Each line is split and assigned to rows of all kinds. What a row accepts it
 * prints, and takes back as the same value. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/config.h"
#include "common/config_change.h"
#include "common/quote.h"
#include "common/slice.h"
#include "common/zmalloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t port, size_bytes, mode;
static bool is_on;
static char *text;
static int choice;

static const struct choice choices[] = {{"one", 1}, {"two", 2}, {NULL, 0}};

static const struct config_row rows[] = {
    {CONFIG_NUMBER(INTEGER, "port", port, "0", 0, 65535)},
    {CONFIG_NUMBER(BYTES, "size", size_bytes, "1gb", 0, INT64_MAX)},
    {CONFIG_NUMBER(OCTAL, "mode", mode, "0", 0, 0777)},
    {CONFIG_VALUE(BOOL, "switch", is_on, "yes")},
    {CONFIG_VALUE(TEXT, "text", text, "")},
    {CONFIG_VALUE(TEXT, "words", text, ""), .flags = CONFIG_WORDS},
    {CONFIG_VALUE(CHOICE, "choice", choice, "one"), .choices = choices},
    {.name = NULL},
};

/* The value that the row prints must be one that it takes, and prints again. */
static void check_printed(const struct config_row *row)
{
    struct buffer first = {0}, second = {0};
    const char *error;
    config_format(row, &first);
    struct slice word = buffer_slice(&first);
    if (!config_assign(row, &word, 1, &error))
        abort();
    config_format(row, &second);
    if (!slice_equal(word, buffer_slice(&second)))
        abort();
    buffer_free(&first);
    buffer_free(&second);
}

/* Assigns what a line says. */
static void take_line(struct slice line)
{
    char *copy = slice_dup(line);
    struct slice *words;
    const char *error = NULL;
    int count = split_arguments(copy, line.len, &words);
    const struct config_row *row = count > 0 ? config_find(words[0]) : NULL;
    if (row && config_assign(row, words + 1, count - 1, &error))
        check_printed(row);
    else if (row && (!error || !error[0]))
        abort();
    if (count > 0)
        zfree(words);
    zfree(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_open;
    if (!is_open) {
        text = slice_dup(SLICE(""));
        config_add(rows);
        is_open = true;
    }
    struct slice rest = {(const char *)data, size}, line;
    while (config_next_line(&rest, &line))
        take_line(line);
    return 0;
}
