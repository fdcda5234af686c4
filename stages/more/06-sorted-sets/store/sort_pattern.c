#include "more/06-sorted-sets/store/sort_pattern.h"

#include "store/hash.h"
#include "store/keyspace.h"
#include "store/string.h"

/* Returns the bytes before the first zero byte. */
static struct slice visible_part(struct slice text)
{
    const char *zero = text.len > 0 ? memchr(text.ptr, '\0', text.len) : NULL;
    if (zero)
        text.len = (size_t)(zero - text.ptr);
    return text;
}

/* Returns the index of the first -> that has something behind it, from an index
 * on; the length if there is none. One at the end is a part of the key. */
static size_t find_arrow(struct slice text, size_t from)
{
    for (size_t i = from; i + 1 < text.len; i++) {
        if (text.ptr[i] == '-' && text.ptr[i + 1] == '>')
            return i + 2 < text.len ? i : text.len;
    }
    return text.len;
}

struct sort_pattern sort_pattern_parse(struct slice text)
{
    struct slice visible = visible_part(text);
    struct sort_pattern pattern = {.is_element = slice_is(visible, "#")};
    const char *star =
        visible.len > 0 ? memchr(visible.ptr, '*', visible.len) : NULL;
    if (!star)
        return pattern;
    pattern.has_star = true;
    size_t index = (size_t)(star - text.ptr), end = text.len;
    size_t arrow = find_arrow(visible, index + 1);
    if (arrow < visible.len) {
        end = arrow;
        pattern.field =
            (struct slice){text.ptr + arrow + 2, text.len - arrow - 2};
    }
    pattern.before = (struct slice){text.ptr, index};
    pattern.after = (struct slice){star + 1, end - index - 1};
    return pattern;
}

bool sort_pattern_find(const struct sort_pattern *pattern, struct db *db,
                       struct slice element, struct buffer *key,
                       char scratch[INT64_TEXT_MAX], struct slice *value)
{
    if (pattern->is_element) {
        *value = element;
        return true;
    }
    if (!pattern->has_star)
        return false;
    key->len = 0;
    buffer_append_slice(key, pattern->before);
    buffer_append_slice(key, element);
    buffer_append_slice(key, pattern->after);
    const struct entry *e = lookup_read(db, buffer_slice(key));
    if (pattern->field.ptr)
        return e && e->type == TYPE_HASH &&
               hash_find(e, pattern->field, scratch, value);
    if (!e || e->type != TYPE_STRING)
        return false;
    *value = string_value(e, scratch);
    return true;
}
