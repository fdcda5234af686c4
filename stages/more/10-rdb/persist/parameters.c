/* parameters: save points in several lines of a file, and invalid names. */
#include <string.h>

#include "common/config_change.h"
#include "more/10-rdb/persist/families.h"

static struct config_row points; /* the lesson's row: one line is all */

/* save [seconds changes ...]: lines of a file add up, but the first one
 * replaces the default. */
static bool set_points(const struct slice *words, int count, const char **error)
{
    static bool is_read;
    struct buffer text = {0};
    bool clears = count == 1 && words[0].len == 0;
    if (config_is_loading() && is_read && !clears)
        config_format(&points, &text);
    is_read |= config_is_loading();
    for (int i = 0; i < count; i++) {
        buffer_append_text(&text, text.len > 0 ? " " : "");
        buffer_append_slice(&text, words[i]);
    }
    bool done = config_assign_text(&points, buffer_slice(&text), error);
    buffer_free(&text);
    return done;
}

static void get_points(struct buffer *out)
{
    config_format(&points, out);
}

/* CONFIG REWRITE writes a line for each save point. */
static void rewrite_points(struct buffer *out)
{
    struct buffer text = {0};
    struct slice seconds, changes;
    config_format(&points, &text);
    struct slice rest = buffer_slice(&text);
    if (rest.len == 0)
        buffer_append_text(out, "save \"\"\n");
    while (slice_split(&rest, ' ', &seconds) &&
           slice_split(&rest, ' ', &changes))
        buffer_printf(out, "save %.*s %.*s\n", (int)seconds.len, seconds.ptr,
                      (int)changes.len, changes.ptr);
    buffer_free(&text);
}

static bool accept_file(const struct slice *words, int count,
                        const char **error)
{
    (void)count;
    return !memchr(words[0].ptr, '/', words[0].len) ||
           config_fail(error, "dbfilename can't be a path, just a filename");
}

void rdb_parameters_open(void)
{
    static struct config_row rows[3]; /* the last has no name */
    points = *config_find(SLICE("save"));
    rows[0] = (struct config_row){
        .name = points.name,
        .type = CONFIG_SPECIAL,
        .flags = CONFIG_WORDS,
        .fallback = points.fallback,
        .set = set_points,
        .get = get_points,
        .rewrite = rewrite_points,
    };
    rows[1] = *config_find(SLICE("dbfilename"));
    rows[1].accept = accept_file;
    config_add(rows);
}
