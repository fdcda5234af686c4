/* upgrade: the log of a version before 7.0, which is a single file.
 *
 *   appendonly.aof    ->    appendonlydir/appendonly.aof            the base
 *                           appendonlydir/appendonly.aof.manifest
 *
 * The manifest comes first. If the server ends before the file is moved, the
 * next start finds a manifest that names that file alone, and moves it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"
#include "common/zmalloc.h"
#include "more/11-aof/persist/families.h"
#include "persist/aof.h"
#include "persist/snapshot.h"

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Returns whether the log is that of an older version, or was about to be taken
 * over. */
static bool is_due(const struct manifest *m)
{
    char moved[AOF_PATH_MAX];
    aof_path(moved, aof_name);
    return m->count == 0 ||
           (m->count == 1 && m->files[0].type == AOF_BASE &&
            strcmp(m->files[0].name, aof_name) == 0 && !is_file(moved));
}

/* Writes the manifest, and moves the file. */
static bool take_over(void)
{
    char moved[AOF_PATH_MAX];
    struct aof_file base = {.seq = 1, .type = AOF_BASE};
    struct manifest m = {&base, 1};
    snprintf(base.name, sizeof base.name, "%s", aof_name);
    aof_path(moved, aof_name);
    mkdir(aof_directory, 0755);
    return manifest_write(&m) && rename(aof_name, moved) == 0 &&
           sync_directory(aof_directory);
}

/* Before the log is loaded. A manifest that is damaged is told of when it is
 * read for good. */
static bool upgrade(void)
{
    struct manifest m = {0};
    base_note_form();
    if (!is_file(aof_name))
        return true;
    bool done = !manifest_read(&m) || !is_due(&m) || take_over();
    zfree(m.files);
    if (done)
        return true;
    log_write(LOG_WARNING, "Can't take over the old AOF %s: %s", aof_name,
              strerror(errno));
    return false;
}

void upgrade_open(void)
{
    aof_prepare = upgrade;
}
