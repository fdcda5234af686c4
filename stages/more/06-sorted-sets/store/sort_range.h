/* sort_range: sorts an array, or as much of it as is wanted.
 *
 * The elements of a range are those that are there when all is sorted, in their
 * order. What is before and behind the range is not sorted, so ten elements of
 * a million cost about a million comparisons, not twenty million.
 *
 *   all is wanted    merge sort: equal elements keep their order; needs half
 *                    as much memory as the array
 *   a range          quicksort that leaves out parts without wanted elements;
 *                    which of several equal ones comes first depends on how it
 *                    divides the array, and it divides it as Redis does
 *
 * (pqsort.c in Redis, which has the first from the C library; Bentley and
 * McIlroy, Engineering a sort function.) */
#ifndef MORE_STORE_SORT_RANGE_H
#define MORE_STORE_SORT_RANGE_H

#include <stddef.h>

enum { SORT_WIDTH_MAX = 64 }; /* bytes of an element */

/* As for qsort. */
typedef int compare_fn(const void *a, const void *b);

/* Sorts `wanted` elements from `first` on, of `count` that have `width` bytes
 * each. */
void sort_range(void *array, size_t count, size_t width, compare_fn *compare,
                size_t first, size_t wanted);

#endif
