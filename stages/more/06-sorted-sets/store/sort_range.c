/* sort_range, inside: the quicksort chooses an element as the pivot, and swaps
 * the others until they are in three groups:
 *
 *   | less | less | equal | equal | greater | greater | greater |
 *
 * The equal ones are where they belong. While the array is searched from both
 * ends they are collected at the ends:
 *
 *   | equal | less | ........... | greater | equal |
 *     from    equal_end  left  right  equal_begin    end
 *
 * The two outer groups are sorted in the same way: the smaller by recursion,
 * the larger by the next iteration, so that the recursion is no deeper than the
 * logarithm of the length. A client that knows how the pivot is chosen can
 * still make an array that takes n * n comparisons. */
#include "more/06-sorted-sets/store/sort_range.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "common/zmalloc.h"

enum {
    TINY = 7, /* fewer elements are inserted one by one */
    LARGE = 40 /* more elements have a pivot that is chosen from nine */
};

struct job {
    char *array;
    size_t width;
    compare_fn *compare;
    size_t first, end; /* of what is wanted */
};

/* Compares two elements by their indexes. */
static int order(const struct job *job, size_t a, size_t b)
{
    return job->compare(job->array + a * job->width,
                        job->array + b * job->width);
}

/* Exchanges two elements. */
static void swap(const struct job *job, size_t a, size_t b)
{
    char kept[SORT_WIDTH_MAX];
    char *at_a = job->array + a * job->width;
    char *at_b = job->array + b * job->width;
    memcpy(kept, at_a, job->width);
    memmove(at_a, at_b, job->width);
    memcpy(at_b, kept, job->width);
}

/* Exchanges `count` elements from a on with those from b on. */
static void swap_all(const struct job *job, size_t a, size_t b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        swap(job, a + i, b + i);
}

/* Sorts the elements from `from` to before `end`, if they are few. */
static void insert_all(const struct job *job, size_t from, size_t end)
{
    for (size_t i = from + 1; i < end; i++) {
        for (size_t j = i; j > from && order(job, j - 1, j) > 0; j--)
            swap(job, j, j - 1);
    }
}

/* Returns the one of three elements that is between the two others. */
static size_t middle_of(const struct job *job, size_t a, size_t b, size_t c)
{
    if (order(job, a, b) < 0) {
        if (order(job, b, c) < 0)
            return b;
        return order(job, a, c) < 0 ? c : a;
    }
    if (order(job, b, c) > 0)
        return b;
    return order(job, a, c) < 0 ? a : c;
}

/* Chooses an element that is likely in the middle of the sorted order. */
static size_t choose_pivot(const struct job *job, size_t from, size_t end)
{
    size_t count = end - from, left = from, right = end - 1;
    size_t middle = from + count / 2;
    if (count > LARGE) {
        size_t step = count / 8;
        left = middle_of(job, left, left + step, left + 2 * step);
        middle = middle_of(job, middle - step, middle, middle + step);
        right = middle_of(job, right - 2 * step, right - step, right);
    }
    return count > TINY ? middle_of(job, left, middle, right) : middle;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Divides the elements into three groups. Returns where the lesser ones end,
 * and where the greater ones begin. */
static size_t divide(const struct job *job, size_t from, size_t end,
                     size_t *greater)
{
    size_t equal_end = from + 1, left = from + 1;
    size_t equal_begin = end - 1, right = end - 1;
    swap(job, from, choose_pivot(job, from, end));
    for (;;) {
        int sign;
        for (; left <= right && (sign = order(job, left, from)) <= 0; left++) {
            if (sign == 0)
                swap(job, equal_end++, left);
        }
        for (; left <= right && (sign = order(job, right, from)) >= 0;
             right--) {
            if (sign == 0)
                swap(job, right, equal_begin--);
        }
        if (left > right)
            break;
        swap(job, left++, right--);
    }
    size_t lesser_count = left - equal_end;
    size_t greater_count = equal_begin - right;
    size_t moved = least(equal_end - from, lesser_count);
    swap_all(job, from, left - moved, moved);
    moved = least(greater_count, end - 1 - equal_begin);
    swap_all(job, left, end - moved, moved);
    *greater = end - greater_count;
    return from + lesser_count;
}

/* Sorts what is wanted of the elements from `from` to before `end`. */
static void sort_part(const struct job *job, size_t from, size_t end)
{
    while (end - from > 1 && from < job->end && end > job->first) {
        if (end - from < TINY) {
            insert_all(job, from, end);
            return;
        }
        size_t greater, lesser = divide(job, from, end, &greater);
        if (lesser - from < end - greater) {
            sort_part(job, from, lesser);
            from = greater;
        } else {
            sort_part(job, greater, end);
            end = lesser;
        }
    }
}

/* Merges two parts that are sorted: up to before `middle`, and from there on.
 * The first is copied to `spare`, so that its place is free for the merged
 * ones. */
static void merge(const struct job *job, size_t from, size_t middle, size_t end,
                  char *spare)
{
    char *to = job->array + from * job->width;
    const char *right = job->array + middle * job->width;
    const char *right_end = job->array + end * job->width;
    const char *left = spare, *left_end = spare + (right - to);
    memcpy(spare, to, (size_t)(right - to));
    while (left < left_end) {
        bool takes_right = right < right_end && job->compare(left, right) > 0;
        const char **source = takes_right ? &right : &left;
        memcpy(to, *source, job->width);
        *source += job->width;
        to += job->width;
    }
}

/* Sorts all elements from `from` to before `end`. */
static void merge_sort(const struct job *job, size_t from, size_t end,
                       char *spare)
{
    size_t middle = from + (end - from) / 2;
    if (end - from < 2)
        return;
    merge_sort(job, from, middle, spare);
    merge_sort(job, middle, end, spare);
    if (order(job, middle - 1, middle) > 0)
        merge(job, from, middle, end, spare);
}

void sort_range(void *array, size_t count, size_t width, compare_fn *compare,
                size_t first, size_t wanted)
{
    struct job job = {array, width, compare, first, first + wanted};
    assert(width <= SORT_WIDTH_MAX);
    if (wanted < count) {
        sort_part(&job, 0, count);
    } else {
        char *spare = zmalloc(count / 2 * width);
        merge_sort(&job, 0, count, spare);
        zfree(spare);
    }
}
