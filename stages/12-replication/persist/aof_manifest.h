/* aof_manifest: which files a log consists of.
 *
 *   appendonlydir/
 *     appendonly.aof.manifest       file appendonly.aof.2.base.rdb seq 2 type b
 *                                   file appendonly.aof.3.incr.aof seq 3 type i
 *     appendonly.aof.2.base.rdb     all data at one moment
 *     appendonly.aof.3.incr.aof     what was written from that moment on
 *
 * A rewrite adds files and removes others. Each of its steps takes effect when
 * a new manifest gets the name of the old one, so whenever the server ends, the
 * manifest names files that are complete. Files of type h are history: another
 * base has their data, and they are about to be removed. Knows no command. */
#ifndef PERSIST_AOF_MANIFEST_H
#define PERSIST_AOF_MANIFEST_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum { AOF_BASE = 'b', AOF_HISTORY = 'h', AOF_INCR = 'i' };

struct aof_file {
    char name[NAME_MAX + 1];
    int64_t seq; /* counts up, separately for bases and increments */
    char type;
};

/* The base comes first, then history; increments in the order of `seq`. */
struct manifest {
    struct aof_file *files;
    int count;
};

/* The directory, and what the names of all its files begin with. */
extern char *aof_directory, *aof_name;

/* Writes the path of a file of the directory. */
enum { AOF_PATH_MAX = 2 * NAME_MAX };
void aof_path(char out[AOF_PATH_MAX], const char *name);

/* Reads the manifest, if there is one; else it is empty. Returns false if it
 * cannot be trusted; the reason is in the log. */
bool manifest_read(struct manifest *m);

/* Writes the manifest. Returns false with errno if that fails; then the file is
 * as it was or, if it cannot be said that its name is on disk, the new one. */
bool manifest_write(const struct manifest *m);

/* Returns the last file of that type, or NULL. */
struct aof_file *manifest_last(const struct manifest *m, char type);

/* Adds an increment at the end. It is valid until the next file is added. */
struct aof_file *manifest_add_incr(struct manifest *m);

/* Returns another manifest: with a new base, which has the data of all files
 * but the last `kept` increments; those are history there. zfree its files. */
struct manifest manifest_rebase(const struct manifest *m, const char *suffix,
                                int kept);

/* Removes the files that are history, and forgets them. If the manifest cannot
 * be written, the next start does so again. */
void manifest_clean(struct manifest *m);

#endif
