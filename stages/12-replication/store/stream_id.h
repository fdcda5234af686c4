/* stream_id: names an entry of a stream, and says when it was added.
 *
 *   1700000000000-3
 *   |             +-- seq: counts the entries of the same millisecond
 *   +---------------- ms: Unix time
 *
 * IDs are compared by ms, then by seq. Each is an unsigned number of 64 bits.
 * Knows no stream. */
#ifndef STORE_STREAM_ID_H
#define STORE_STREAM_ID_H

#include "common/numbers.h"

struct stream_id {
    uint64_t ms, seq;
};

/* The smallest ID, which no entry has, and the largest. */
extern const struct stream_id stream_id_min, stream_id_max;

/* Compares two IDs, or what begins with one, as a tree wants it. */
int stream_id_compare(const void *a, const void *b);

/* Make an ID the next or the previous one. Return false if there is none; it is
 * the smallest or the largest then. */
bool stream_id_next(struct stream_id *id);
bool stream_id_previous(struct stream_id *id);

/* How an ID is written: ms-seq, or ms alone, or ms-* and * for those of which
 * the server chooses the rest or all. */
enum id_form { ID_INVALID, ID_COMPLETE, ID_WITHOUT_SEQ, ID_AUTO_SEQ, ID_AUTO };

/* Parses an ID, and returns how it is written: never ID_AUTO, as * alone is
 * valid for one command only. What is not written is 0. */
enum id_form stream_id_parse(struct slice text, struct stream_id *id);

/* Writes the text of an ID, and returns it: valid as long as `out` is. */
enum { STREAM_ID_TEXT_MAX = 2 * INT64_TEXT_MAX };
struct slice stream_id_format(char out[STREAM_ID_TEXT_MAX],
                              struct stream_id id);

#endif
