/* info: adds INFO, whose sections other files extend. */
#ifndef MORE_COMMAND_INFO_H
#define MORE_COMMAND_INFO_H

#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"

struct db;

/* Notes what a server without data and clients needs, and begins to measure
 * what it does. */
void info_open(void);

/* Appends lines to a section. */
typedef void info_fn(struct buffer *out);

/* Calls fn for the section with that title: "Stats". A field that the section
 * has already gets the value of fn, a new one is added at its end. A section
 * that does not exist is added after the others. */
void info_extend(const char *title, info_fn *fn);

/* Lets fn append what is in that section, which exists, from the beginning. */
void info_replace(const char *title, info_fn *fn);

/* Append a field, a line with this name and this value. */
void info_field(struct buffer *out, const char *name, int64_t value);
void info_text_field(struct buffer *out, const char *name, const char *value);

/* A parameter under the name of a field. */
void info_config_field(struct buffer *out, const char *name,
                       const char *parameter);

/* Lets fn find out how many keys of a database expire, and after how many
 * milliseconds on average. Until then there are none. */
typedef void info_expires_fn(const struct db *db, size_t *expires,
                             int64_t *average_ttl_ms);
void info_expires_set(info_expires_fn *fn);

/* Lets two functions count the objects that are to be freed later, and those
 * that were. Until then there are none. */
void info_lazyfree_set(size_t (*pending)(void), size_t (*freed)(void));

#endif
