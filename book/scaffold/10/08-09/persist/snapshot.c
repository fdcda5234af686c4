/* snapshot, for a file with this name alone. */
#include "persist/snapshot.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"
#include "persist/rdb.h"
#include "persist/rdb_format.h"

static char *points; /* of the parameter `save`; not read yet */

const struct config_row snapshot_config[] = {
    {CONFIG_VALUE(TEXT, "save", points, ""), .flags = CONFIG_WORDS},
    {.name = NULL},
};

bool snapshot_start(void)
{
    struct rdb_reader r;
    struct rdb_load load;
    struct stat status;
    int fd = open("dump.rdb", O_RDONLY);
    if (fd < 0 || fstat(fd, &status) != 0)
        return true;
    void *bytes =
        mmap(NULL, (size_t)status.st_size + 1, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    rdb_formats_add(rdb_formats);
    rdb_reader_open(&r, (struct slice){bytes, (size_t)status.st_size});
    bool done = rdb_load(&r, &load);
    if (!done)
        log_write(LOG_WARNING,
                  "Internal error in RDB reading offset %lld -> %s",
                  (long long)(r.at - r.start), r.reason);
    rdb_reader_close(&r);
    munmap(bytes, (size_t)status.st_size + 1);
    return done;
}
