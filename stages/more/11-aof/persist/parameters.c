/* parameters: names that are no names. */
#include <string.h>

#include "common/config.h"
#include "more/11-aof/persist/families.h"

static bool accept_name(struct slice name, const char *parameter,
                        const char *kind, const char **error)
{
    if (name.len == 0)
        return config_fail(error, "%s can't be empty", parameter);
    return !memchr(name.ptr, '/', name.len) ||
           config_fail(error, "%s can't be a path, just a %s", parameter, kind);
}

static bool accept_file(const struct slice *words, int count,
                        const char **error)
{
    (void)count;
    return accept_name(words[0], "appendfilename", "filename", error);
}

static bool accept_directory(const struct slice *words, int count,
                             const char **error)
{
    (void)count;
    return accept_name(words[0], "appenddirname", "dirname", error);
}

void aof_parameters_open(void)
{
    static struct config_row rows[3]; /* the last has no name */
    rows[0] = *config_find(SLICE("appendfilename"));
    rows[0].accept = accept_file;
    rows[1] = *config_find(SLICE("appenddirname"));
    rows[1].accept = accept_directory;
    config_add(rows);
}
