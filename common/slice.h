/* slice: a view of bytes that have another owner.
 *
 * Arguments of a command are slices into the client's input, keys are slices
 * into their entry. A slice may hold any byte, NUL among them, and is not
 * terminated. It is valid for as long as its owner says. */
#ifndef COMMON_SLICE_H
#define COMMON_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *ptr;
    size_t len;
};

/* The bytes of a string literal. */
#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})

/* The bytes of a NUL-terminated string, which must outlive the slice. */
struct slice slice_of(const char *text);

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Compares as strcmp does, shorter first when one is the other's beginning. */
int slice_compare(struct slice a, struct slice b);

/* Whether the slice spells `word`; ASCII letters match in either case. */
bool slice_is(struct slice s, const char *word);
bool slice_equal_nocase(struct slice a, struct slice b);

/* Takes the part up to the next `separator` off the front of *rest. False when
 * nothing is left. */
bool slice_split(struct slice *rest, char separator, struct slice *part);

/* The length as printf's "%.*s" takes it. What is longer than an int can say is
 * cut: as a negative number it would be no bound at all. */
int slice_precision(struct slice s);

/* A NUL-terminated copy; the caller frees it with zfree. */
char *slice_dup(struct slice s);

#endif
