#include "more/06-sorted-sets/store/sort.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/zmalloc.h"
#include "more/06-sorted-sets/store/sort_range.h"
#include "store/list.h"
#include "store/set.h"
#include "store/zset.h"

size_t sort_length(const struct entry *e)
{
    if (!e)
        return 0;
    if (e->type == TYPE_LIST)
        return entry_list(e)->length;
    return e->type == TYPE_SET ? set_size(e) : zset_length(e);
}

/* Copies a text behind the others, and returns where it is. */
static size_t keep(struct sort *s, struct slice text)
{
    size_t at = s->bytes.len;
    buffer_append_slice(&s->bytes, text);
    buffer_append(&s->bytes, "", 1);
    return at;
}

/* Adds an element. */
static void add(struct sort *s, struct slice element)
{
    s->items[s->count++] =
        (struct sort_item){.at = keep(s, element), .len = element.len};
}

/* Loads elements of a list. */
static void load_list(struct sort *s, const struct entry *e, size_t index,
                      size_t count, bool is_reverse)
{
    const struct list *l = entry_list(e);
    struct list_place place = list_seek(l, index);
    while (s->count < count) {
        char scratch[INT64_TEXT_MAX];
        add(s, list_value(place, scratch));
        place = is_reverse ? list_previous(place) : list_next(place);
    }
}

/* Loads all members of a set. */
static void load_set(struct sort *s, const struct entry *e)
{
    struct set_iterator it;
    struct slice member;
    set_iterate(&it, e);
    while (set_next(&it, &member))
        add(s, member);
}

/* Loads members of a sorted set. */
static void load_zset(struct sort *s, const struct entry *e, size_t index,
                      size_t count, bool is_reverse)
{
    struct zset_iterator it;
    struct slice member;
    double score;
    zset_iterate(&it, e, index, count, is_reverse);
    while (zset_next(&it, &member, &score))
        add(s, member);
}

void sort_load(struct sort *s, struct entry *e, size_t index, size_t count,
               bool is_reverse)
{
    if (e && e->type == TYPE_ZSET && e->encoding == ENCODING_LISTPACK)
        zset_convert(e); /* as Redis does; OBJECT ENCODING shows it */
    s->items = zmalloc(count * sizeof *s->items);
    s->count = 0;
    s->bytes = (struct buffer){0};
    if (!e || count == 0)
        return;
    if (is_reverse)
        index = sort_length(e) - 1 - index;
    if (e->type == TYPE_LIST)
        load_list(s, e, index, count, is_reverse);
    else if (e->type == TYPE_SET)
        load_set(s, e);
    else
        load_zset(s, e, index, count, is_reverse);
}

/* Parses a number as C does it: spaces may be before it, a zero byte ends it,
 * and no text at all is 0. (Redis does not clear errno, so there a number that
 * is out of range can make the next SORT fail, too.) */
static bool parse_number(const char *text, double *number)
{
    char *end;
    errno = 0;
    *number = strtod(text, &end);
    return *end == '\0' && errno != ERANGE && !isnan(*number);
}

/* Notes what an element is sorted by. Returns false if that should be a number
 * and is none. */
static bool set_weight(struct sort *s, size_t index, struct slice weight)
{
    size_t at = keep(s, weight);
    struct sort_item *item = &s->items[index];
    item->has_weight = true;
    item->weight_at = at;
    item->weight_len = weight.len;
    if (s->rules.as_text)
        return true;
    bool is_number = parse_number(s->bytes.data + at, &item->number);
    s->bytes.len = at; /* the text is not needed any more */
    return is_number;
}

bool sort_weigh(struct sort *s, struct db *db)
{
    struct buffer key = {0};
    bool are_numbers = true;
    for (size_t i = 0; i < s->count; i++) {
        struct sort_item *item = &s->items[i];
        char scratch[INT64_TEXT_MAX];
        struct slice weight;
        if (!s->rules.by && !s->rules.as_text)
            are_numbers &=
                parse_number(s->bytes.data + item->at, &item->number);
        else if (s->rules.by &&
                 sort_pattern_find(s->rules.by, db, sort_element(s, i), &key,
                                   scratch, &weight))
            are_numbers &= set_weight(s, i, weight);
    }
    buffer_free(&key);
    return are_numbers;
}

static const struct sort *sorting; /* what compare_items compares */

/* Compares two texts: as the language of the system does, or byte by byte. */
static int compare_texts(size_t a, size_t a_len, size_t b, size_t b_len)
{
    const char *bytes = sorting->bytes.data;
    if (!sorting->rules.as_bytes)
        return strcoll(bytes + a, bytes + b);
    return slice_compare((struct slice){bytes + a, a_len},
                         (struct slice){bytes + b, b_len});
}

/* Compares by number. Equal ones are in the order of the elements' bytes. */
static int compare_numbers(const struct sort_item *a, const struct sort_item *b)
{
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    const char *bytes = sorting->bytes.data;
    return slice_compare((struct slice){bytes + a->at, a->len},
                         (struct slice){bytes + b->at, b->len});
}

/* Compares as the rules say. */
static int compare_items(const void *left, const void *right)
{
    const struct sort_item *a = left, *b = right;
    int order;
    if (!sorting->rules.as_text)
        order = compare_numbers(a, b);
    else if (!sorting->rules.by)
        order = compare_texts(a->at, a->len, b->at, b->len);
    else if (a->has_weight && b->has_weight)
        order = compare_texts(a->weight_at, a->weight_len, b->weight_at,
                              b->weight_len);
    else
        order = a->has_weight - b->has_weight;
    return sorting->rules.is_descending ? -order : order;
}

void sort_order(struct sort *s, size_t index, size_t wanted)
{
    sorting = s;
    sort_range(s->items, s->count, sizeof *s->items, compare_items, index,
               wanted);
}

struct slice sort_element(const struct sort *s, size_t index)
{
    const struct sort_item *item = &s->items[index];
    return (struct slice){s->bytes.data + item->at, item->len};
}

void sort_free(struct sort *s)
{
    zfree(s->items);
    buffer_free(&s->bytes);
}
