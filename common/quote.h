/* quote: a line of text into arguments, and bytes into a quoted string.
 *
 *   set k "two words\r\n\x00"  'it\'s raw'
 *
 * Double quotes take \n \r \t \b \a \xHH and \c for any other c; single
 * quotes take \' alone. Inline commands and configuration files use it
 * (sdssplitargs and sdscatrepr in sds.c). */
#ifndef COMMON_QUOTE_H
#define COMMON_QUOTE_H

#include "buffer.h"
#include "slice.h"

/* Splits the line in place: the arguments are slices into it, unescaped.
 * Puts a new array (zfree it) into *argv and returns how many there are, or
 * -1 when quotes are not closed or not followed by a space. Without arguments
 * *argv is NULL. A NUL byte ends the line. */
int split_arguments(char *line, size_t len, struct slice **argv);

/* Appends the bytes in double quotes, with escapes for what does not print. */
void quote_append(struct buffer *out, struct slice bytes);

#endif
