/* config: parameters as rows.
 *
 * A parameter is a row: its name, what kind of value it takes, where the value
 * lives, its default and bounds. Each layer keeps its rows beside its settings
 * and adds them at the start. Values come, in this order, from the rows'
 * defaults, a configuration file and the flags of the command line. */
#ifndef COMMON_CONFIG_H
#define COMMON_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "buffer.h"
#include "choice.h"
#include "slice.h"

enum config_type {
    CONFIG_BOOL, /* bool: yes, no */
    CONFIG_INTEGER, /* int64_t */
    CONFIG_BYTES, /* int64_t: 1gb */
    CONFIG_OCTAL, /* int64_t: file modes */
    CONFIG_TEXT, /* char *, owned; never NULL */
    CONFIG_CHOICE, /* int: one of the row's choices */
    CONFIG_SPECIAL /* read and written by the row's own functions */
};

enum config_flag {
    CONFIG_IMMUTABLE = 1 << 0, /* at start-up only */
    CONFIG_SECRET = 1 << 1, /* never shown in a log */
    CONFIG_WORDS = 1 << 2, /* takes several words; other rows take one */
    CONFIG_HIDDEN = 1 << 3, /* CONFIG GET tells it by its full name only */
    CONFIG_PROTECTED = 1 << 4, /* no client may change it, unless allowed to */
    CONFIG_DIRECTIVE = 1 << 5, /* of files only; CONFIG does not know it */
    CONFIG_LAST = 1 << 6, /* accepts every value, but what it changes cannot be
                             taken back: set when all others took effect */
    CONFIG_UNSIGNED = 1 << 7, /* a uint64_t; `max` is one as well: -1 is all */
    CONFIG_INERT = 1 << 8, /* kept, but has no effect: any other row of that
                              name takes its place, and the log names it */
    CONFIG_UNCHANGED = 1 << 9, /* inert, and not to be relied on: no value but
                                  the default is accepted */
    CONFIG_ALWAYS = 1 << 10 /* written into the file at its default, too */
};

struct config_row {
    const char *name;
    const char *alias; /* a second name, or NULL */
    enum config_type type;
    unsigned flags;
    void *value;
    const char *fallback; /* the default, as it would stand in a file; NULL
                             leaves what is there */
    int64_t min, max; /* of numbers, inclusive */
    const struct choice *choices;

    /* CONFIG_TEXT: whether these words may be its value; NULL accepts all. */
    bool (*accept)(const struct slice *words, int count, const char **error);

    /* CONFIG_SPECIAL: takes the words behind the name. */
    bool (*set)(const struct slice *words, int count, const char **error);

    /* CONFIG_SPECIAL: appends the value as CONFIG GET shows it. */
    void (*get)(struct buffer *out);

    /* CONFIG_SPECIAL: appends the value as lines of a file; NULL: as `get`
     * shows it, in quotes. A line that begins with a space takes the place of
     * an old one, but is not added to them. */
    void (*rewrite)(struct buffer *out);

    /* Called after a client changed the value. On false the old value comes
     * back, and *error says why. */
    bool (*apply)(const char **error);
};

/* What rows of plain values have in common: their kind, name, place and
 * default; numbers have bounds, too. */
#define CONFIG_VALUE(kind, row_name, field, text)                 \
    .name = (row_name), .type = CONFIG_##kind, .value = &(field), \
    .fallback = (text)
#define CONFIG_NUMBER(kind, row_name, field, text, least, most) \
    CONFIG_VALUE(kind, row_name, field, text), .min = (least), .max = (most)

/* Adds rows, up to one without a name. A name that is there already gets the
 * new row, unless the new one is inert. Call it before config_load. */
void config_add(const struct config_row *rows);

/* Defaults, file and flags: ends the process with file, line and reason when
 * anything is unknown or wrong. */
void config_load(int argc, char **argv);

/* Whether values come from the file or the flags now. */
bool config_is_loading(void);

/* Ends the start, as wrong configuration does, for a reason that was found
 * later. */
void config_refuse(const char *reason);

/* All rows, one after the other; NULL behind the last. */
const struct config_row *config_at(int i);

/* The row of that name or alias in either case, directives included; or
 * NULL. */
const struct config_row *config_find(struct slice name);

/* Takes the words behind a parameter's name. False with *error when they are
 * wrong; the value is then as it was. */
bool config_assign(const struct config_row *row, const struct slice *words,
                   int count, const char **error);

/* The same with all words in one text, a space between two; a space at the end
 * is followed by an empty word. */
bool config_assign_text(const struct config_row *row, struct slice text,
                        const char **error);

/* Takes the first line off the text, without spaces around it. False at the
 * end of the text. */
bool config_next_line(struct slice *text, struct slice *line);

/* Puts the reason of a failure into *error, where it stands until the next
 * failure. Returns false. */
bool config_fail(const char **error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends all that comes until the stream ends. */
void config_append_stream(struct buffer *out, FILE *stream);

/* The absolute path of the configuration file, or "". */
const char *config_file(void);

#endif
