/* config: from text to settings.
 *
 *   file, standard input, flags  ->  one text  ->  lines  ->  rows
 *
 * Flags are lines too: `--port 7000 --bind a b` stands behind the file as
 *
 *   port "7000"
 *   bind "a" "b"
 *
 * so there is one syntax, one place where it is read, and one kind of error.
 * Later lines win. */
#include "config.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "numbers.h"
#include "quote.h"
#include "version.h"
#include "zmalloc.h"

enum {
    READ_BYTES = 4096,
    INCLUDES_MAX = 16, /* one in another; a file that includes itself ends */
    LOG_LINE_BYTES = 800 /* of names in a line of the log */
};

static bool include(const struct slice *words, int count, const char **error);

static const struct config_row own_config[] = {
    {.name = "include",
     .type = CONFIG_SPECIAL,
     .flags = CONFIG_DIRECTIVE | CONFIG_WORDS,
     .set = include},
    {.name = NULL},
};

static const struct config_row **rows;
static int row_count;

static char *file_path; /* absolute; NULL without a file */
static int includes_open; /* how deep we are in files that include files */
static bool is_loading;
static bool *is_given; /* of each row: whether a line has set it */

const char *config_file(void)
{
    return file_path ? file_path : "";
}

/* Where the row of that name or alias is; row_count when there is none. */
static int find_place(struct slice name)
{
    int i = 0;
    while (i < row_count && !slice_is(name, rows[i]->name) &&
           !(rows[i]->alias && slice_is(name, rows[i]->alias)))
        i++;
    return i;
}

/* Where the row belongs: at its name, or else at its alias. */
static int place_of(const struct config_row *row)
{
    int place = find_place(slice_of(row->name));
    if (place == row_count && row->alias)
        place = find_place(slice_of(row->alias));
    return place;
}

void config_add(const struct config_row *added)
{
    for (; added->name; added++) {
        int place = place_of(added);
        if (place == row_count)
            rows = zrealloc(rows, (size_t)++row_count * sizeof *rows);
        else if (added->flags & CONFIG_INERT)
            continue;
        rows[place] = added;
    }
}

const struct config_row *config_at(int i)
{
    return i < row_count ? rows[i] : NULL;
}

const struct config_row *config_find(struct slice name)
{
    return config_at(find_place(name));
}

bool config_is_loading(void)
{
    return is_loading;
}

bool config_fail(const char **error, const char *format, ...)
{
    static char reason[256];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    *error = reason;
    return false;
}

/* The functions assign_... take one word for a row of their type, or say what
 * it should have been. */
static bool assign_bool(const struct config_row *row, struct slice word,
                        const char **error)
{
    static const struct choice answers[] = {{"no", 0}, {"yes", 1}, {NULL, 0}};
    const struct choice *chosen = choice_find(answers, word);
    if (!chosen)
        return config_fail(error, "argument must be 'yes' or 'no'");
    *(bool *)row->value = chosen->value;
    return true;
}

/* As in a file mode: 700. No text at all is 0. */
static bool parse_octal(struct slice word, int64_t *out)
{
    char *text = slice_dup(word), *end;
    *out = strtoll(text, &end, 8);
    bool done = *end == '\0';
    zfree(text);
    return done;
}

/* Whether the number is between the row's bounds. */
static bool is_within(const struct config_row *row, int64_t value,
                      const char **error)
{
    const char *format = "argument must be between %lld and %lld inclusive";
    bool within = value >= row->min && value <= row->max;
    if (row->flags & CONFIG_UNSIGNED) {
        format = "argument must be between %llu and %llu inclusive";
        within = (uint64_t)value >= (uint64_t)row->min &&
                 (uint64_t)value <= (uint64_t)row->max;
    } else if (row->type == CONFIG_OCTAL) {
        format = "argument must be between %llo and %llo inclusive";
    }
    return within ||
           config_fail(error, format, (long long)row->min, (long long)row->max);
}

/* Numbers in all three spellings have bounds. A size that is too large for a
 * signed number has wrapped, and is below them. */
static bool assign_number(const struct config_row *row, struct slice word,
                          const char **error)
{
    int64_t value;
    uint64_t bytes;
    if (row->type == CONFIG_BYTES) {
        if (!parse_memory(word, &bytes))
            return config_fail(error, "argument must be a memory value");
        value = (int64_t)bytes;
    } else if (row->type == CONFIG_OCTAL) {
        if (!parse_octal(word, &value))
            return config_fail(
                error, "argument couldn't be parsed as an octal number");
    } else if (!parse_int64(word, &value)) {
        return config_fail(error,
                           "argument couldn't be parsed into an integer");
    }
    if (!is_within(row, value, error))
        return false;
    *(int64_t *)row->value = value;
    return true;
}

/* On failure the reason lists what there is to choose from. */
static bool assign_choice(const struct config_row *row, struct slice word,
                          const char **error)
{
    char names[200] = "";
    const struct choice *chosen = choice_find(row->choices, word);
    if (chosen) {
        *(int *)row->value = chosen->value;
        return true;
    }
    for (const struct choice *c = row->choices; c->name; c++) {
        size_t len = strlen(names);
        snprintf(names + len, sizeof names - len, "%s%s", len ? ", " : "",
                 c->name);
    }
    return config_fail(error, "argument(s) must be one of the following: %s",
                       names);
}

/* Several words are kept with a space between two. */
static bool assign_text(const struct config_row *row, const struct slice *words,
                        int count, const char **error)
{
    struct buffer text = {0};
    if (row->accept && !row->accept(words, count, error))
        return false;
    for (int i = 0; i < count; i++) {
        buffer_append_text(&text, i > 0 ? " " : "");
        buffer_append_slice(&text, words[i]);
    }
    buffer_append(&text, "", 1);
    zfree(*(char **)row->value);
    *(char **)row->value = text.data;
    return true;
}

/* Takes the words for a row of any type. */
static bool assign(const struct config_row *row, const struct slice *words,
                   int count, const char **error)
{
    switch (row->type) {
    case CONFIG_BOOL:
        return assign_bool(row, words[0], error);
    case CONFIG_INTEGER:
    case CONFIG_BYTES:
    case CONFIG_OCTAL:
        return assign_number(row, words[0], error);
    case CONFIG_CHOICE:
        return assign_choice(row, words[0], error);
    case CONFIG_TEXT:
        return assign_text(row, words, count, error);
    case CONFIG_SPECIAL:
        return row->set(words, count, error);
    }
    return false;
}

bool config_assign(const struct config_row *row, const struct slice *words,
                   int count, const char **error)
{
    if (!(row->flags & CONFIG_WORDS) && count != 1)
        return config_fail(error, "wrong number of arguments");
    if (!assign(row, words, count, error))
        return false;
    if (!(row->flags & CONFIG_UNCHANGED) ||
        (count == 1 && slice_is(words[0], row->fallback)))
        return true;
    config_assign_text(row, slice_of(row->fallback), error);
    return config_fail(error, "this server supports no other value than '%s'",
                       row->fallback);
}

bool config_assign_text(const struct config_row *row, struct slice text,
                        const char **error)
{
    if (!(row->flags & CONFIG_WORDS))
        return config_assign(row, &text, 1, error);
    struct slice *words = zmalloc((text.len + 1) * sizeof *words);
    int count = 0;
    bool ends_in_space = text.len > 0 && text.ptr[text.len - 1] == ' ';
    for (struct slice word; slice_split(&text, ' ', &word);)
        words[count++] = word;
    if (ends_in_space)
        words[count++] = SLICE("");
    bool done = config_assign(row, words, count, error);
    zfree(words);
    return done;
}

/* Takes the single word behind the name of a row that takes several: all of
 * them stand in it, and may be quoted once more. */
static bool take_words(const struct config_row *row, struct slice text,
                       const char **error)
{
    char *copy = slice_dup(text);
    struct slice *words;
    int count = split_arguments(copy, text.len, &words);
    bool done = count < 0 ? config_fail(error, "Unbalanced quotes in "
                                               "configuration line")
                          : config_assign(row, words, count, error);
    zfree(words);
    zfree(copy);
    return done;
}

/* Splits a line into words and gives them to the row that the first names. */
static bool take_line(struct slice line, const char **error)
{
    char *copy = slice_dup(line);
    struct slice *words;
    int count = split_arguments(copy, line.len, &words);
    bool done = true;
    if (count < 0) {
        done = config_fail(error, "Unbalanced quotes in configuration line");
    } else if (count > 0) {
        const struct config_row *row = config_find(words[0]);
        if (!row)
            done = config_fail(error,
                               "Bad directive or wrong number of arguments");
        else if (row->flags & CONFIG_WORDS && count == 2 && words[1].len > 0)
            done = take_words(row, words[1], error);
        else
            done = config_assign(row, words + 1, count - 1, error);
        if (done)
            is_given[find_place(words[0])] = true;
    }
    zfree(words);
    zfree(copy);
    return done;
}

/* Ends the start. `number` is the line's, from 1; 0: no line is at fault. */
static void refuse(int number, struct slice line, const char *reason)
{
    fprintf(stderr, "\n*** FATAL CONFIG FILE ERROR (Redis %s) ***\n",
            REDIS_VERSION);
    if (number > 0) {
        fprintf(stderr, "Reading the configuration file, at line %d\n", number);
        fprintf(stderr, ">>> '%.*s'\n", (int)line.len, line.ptr);
    }
    fprintf(stderr, "%s\n", reason);
    exit(1);
}

void config_refuse(const char *reason)
{
    refuse(0, SLICE(""), reason);
}

/* Without spaces and line ends at both ends. */
static struct slice trim(struct slice s)
{
    while (s.len > 0 && strchr(" \t\r\n", s.ptr[0]))
        s = (struct slice){s.ptr + 1, s.len - 1};
    while (s.len > 0 && strchr(" \t\r\n", s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool config_next_line(struct slice *text, struct slice *line)
{
    if (!slice_split(text, '\n', line))
        return false;
    *line = trim(*line);
    return true;
}

/* Takes every line that is neither empty nor a comment. */
static void take_lines(struct slice text)
{
    struct slice line;
    for (int number = 1; config_next_line(&text, &line); number++) {
        const char *error = NULL;
        if (line.len > 0 && line.ptr[0] != '#' && !take_line(line, &error))
            refuse(number, line, error);
    }
}

void config_append_stream(struct buffer *out, FILE *stream)
{
    size_t got;
    do {
        got = fread(buffer_reserve(out, READ_BYTES), 1, READ_BYTES, stream);
        out->len += got;
    } while (got > 0);
}

/* Removes what stands between a NUL and the end of its line, line end
 * included, as Redis does not see it. */
static void remove_behind_nul(struct buffer *text, size_t from)
{
    size_t kept = from;
    bool is_visible = true;
    for (size_t i = from; i < text->len; i++) {
        char byte = text->data[i];
        if (byte == '\0')
            is_visible = false;
        if (is_visible)
            text->data[kept++] = byte;
        else if (byte == '\n')
            is_visible = true;
    }
    text->len = kept;
}

/* A file that was named must be there: without it the server would not be what
 * its owner wants. */
static void append_file(struct buffer *out, const char *path)
{
    FILE *stream = fopen(path, "r");
    if (!stream) {
        log_write(LOG_WARNING, "Fatal error, can't open config file '%s': %s",
                  path, strerror(errno));
        exit(1);
    }
    size_t begins = out->len;
    config_append_stream(out, stream);
    remove_behind_nul(out, begins);
    fclose(stream);
}

/* A name with * ? or [ stands for all files that it matches, even none. */
static void append_files(struct buffer *out, const char *name)
{
    glob_t found;
    if (!strpbrk(name, "*?[")) {
        append_file(out, name);
    } else if (glob(name, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            append_file(out, found.gl_pathv[i]);
        globfree(&found);
    }
}

/* include file: its lines are taken here and now. */
static bool include(const struct slice *words, int count, const char **error)
{
    if (count != 1)
        return config_fail(error, "Bad directive or wrong number of arguments");
    if (includes_open == INCLUDES_MAX)
        return config_fail(error, "Files include each other too deeply");
    includes_open++;
    struct buffer text = {0};
    char *name = slice_dup(words[0]);
    append_files(&text, name);
    take_lines(buffer_slice(&text));
    zfree(name);
    buffer_free(&text);
    includes_open--;
    return true;
}

/* The defaults are read like any other text, so a wrong one is found at the
 * first start. */
static void set_defaults(void)
{
    const struct config_row *row;
    const char *error;
    for (int i = 0; (row = config_at(i)); i++) {
        if (row->fallback &&
            !config_assign_text(row, slice_of(row->fallback), &error))
            config_refuse(error);
    }
}

/* Flags that ask for a few words and no server. */
static void answer_questions(const char *flag)
{
    if (strcmp(flag, "-v") == 0 || strcmp(flag, "--version") == 0) {
        printf("Redis server v=%s bits=%d\n", REDIS_VERSION,
               (int)sizeof(void *) * CHAR_BIT);
        exit(0);
    }
    if (strcmp(flag, "-h") == 0 || strcmp(flag, "--help") == 0) {
        fputs("Usage: server [config-file] [--parameter value ...] [-]\n"
              "       - reads standard input, -v tells the version\n"
              "       server redis.conf --port 7000 --loglevel verbose\n",
              stderr);
        exit(1);
    }
}

/* Writes the flags as lines. What follows a flag is its value, also when it
 * looks like a flag; after that every -- begins a new line. Only --save needs
 * no value: nothing is saved then. A "-" that is the first or the last argument
 * of all asks for standard input. */
static void append_flags(struct buffer *out, int first, int argc, char **argv,
                         bool *use_stdin)
{
    bool value_came = true;
    for (int i = first; i < argc; i++) {
        const char *arg = argv[i];
        if (strcmp(arg, "-") == 0 && (i == 1 || i == argc - 1)) {
            *use_stdin = true;
        } else if (value_came && strncmp(arg, "--", 2) == 0) {
            buffer_printf(out, "%s%s ", out->len > 0 ? "\n" : "", arg + 2);
            value_came = strchr(arg, ' '); /* as in '--port 7000' */
            if (strcmp(arg, "--save") == 0 &&
                (i == argc - 1 || strncmp(argv[i + 1], "--", 2) == 0)) {
                buffer_append_text(out, "\"\" ");
                value_came = true;
            }
        } else {
            quote_append(out, slice_of(arg));
            buffer_append_text(out, " ");
            value_came = true;
        }
    }
}

/* The file must be found again after the directory was changed. */
static char *absolute_path(const char *path)
{
    char directory[PATH_MAX];
    struct buffer out = {0};
    if (path[0] != '/' && getcwd(directory, sizeof directory))
        buffer_printf(&out, "%s/", directory);
    buffer_append(&out, path, strlen(path) + 1);
    return out.data;
}

/* Gathers file, standard input and flags into one text. */
static void gather(struct buffer *text, int argc, char **argv)
{
    struct buffer flags = {0};
    bool use_stdin = false;
    if (argc > 1 && argv[1][0] != '-')
        file_path = absolute_path(argv[1]);
    append_flags(&flags, file_path ? 2 : 1, argc, argv, &use_stdin);
    if (file_path)
        append_files(text, file_path);
    if (use_stdin) {
        log_write(LOG_WARNING, "Reading config from stdin");
        size_t begins = text->len;
        config_append_stream(text, stdin);
        remove_behind_nul(text, begins);
    }
    buffer_append_text(text, "\n");
    buffer_append_slice(text, buffer_slice(&flags));
    buffer_free(&flags);
}

/* Names the parameters that were given and have no effect. */
static void log_inert(void)
{
    struct buffer names = {0};
    for (int i = 0; i < row_count; i++) {
        unsigned kind = rows[i]->flags & (CONFIG_INERT | CONFIG_UNCHANGED);
        if (is_given[i] && kind == CONFIG_INERT)
            buffer_printf(&names, "%s%s", names.len > 0 ? ", " : "",
                          rows[i]->name);
        if (names.len > (i + 1 < row_count ? LOG_LINE_BYTES : 0)) {
            log_write(LOG_NOTICE,
                      "Parameters without effect in this server: "
                      "%.*s",
                      (int)names.len, names.data);
            names.len = 0;
        }
    }
    buffer_free(&names);
}

void config_load(int argc, char **argv)
{
    struct buffer text = {0};
    config_add(own_config);
    is_given = zcalloc((size_t)row_count, sizeof *is_given);
    set_defaults();
    if (argc > 1)
        answer_questions(argv[1]);
    else
        log_write(LOG_WARNING, "Warning: no config file specified, using the "
                               "default config.");
    gather(&text, argc, argv);
    is_loading = true;
    take_lines(buffer_slice(&text));
    is_loading = false;
    buffer_free(&text);
    log_inert();
    zfree(is_given);
}
