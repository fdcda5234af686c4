/* process: what the operating system is asked for before the work begins.
 *
 * Order matters: the configuration is read in the directory and with the
 * standard output that the server was started with; only then it may leave
 * both. The id in the pid file is that of the process that serves. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "quote.h"
#include "zmalloc.h"

#define BACKGROUND_PID_FILE "/var/run/redis.pid"

static struct {
    bool daemonize; /* leave the terminal and work in the background */
    char *pid_file; /* "": none was named */
} settings;

static int64_t began_ms;

/* From all that happens to what must not be missed. */
static const struct choice log_levels[] = {
    {"debug", LOG_DEBUG},
    {"verbose", LOG_VERBOSE},
    {"notice", LOG_NOTICE},
    {"warning", LOG_WARNING},
    {NULL, 0},
};

/* The working directory is the setting: there is no second copy of it. */
static bool set_dir(const struct slice *words, int count, const char **error)
{
    (void)count;
    char *path = slice_dup(words[0]);
    bool done = chdir(path) == 0 || config_fail(error, "%s", strerror(errno));
    zfree(path);
    return done;
}

/* Where the server works now. */
static void get_dir(struct buffer *out)
{
    char path[PATH_MAX];
    if (getcwd(path, sizeof path))
        buffer_append_text(out, path);
}

/* Always written: the file may be read from another directory next time. */
static void rewrite_dir(struct buffer *out)
{
    char path[PATH_MAX];
    if (!getcwd(path, sizeof path))
        return;
    buffer_append_text(out, "dir ");
    quote_append(out, slice_of(path));
    buffer_append_text(out, "\n");
}

const struct config_row process_config[] = {
    {CONFIG_VALUE(BOOL, "daemonize", settings.daemonize, "no"),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_VALUE(TEXT, "pidfile", settings.pid_file, ""),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_VALUE(CHOICE, "loglevel", log_settings.level, "notice"),
     .choices = log_levels},
    {CONFIG_VALUE(TEXT, "logfile", log_settings.file, ""),
     .flags = CONFIG_IMMUTABLE},
    {.name = "dir",
     .type = CONFIG_SPECIAL,
     .flags = CONFIG_PROTECTED,
     .get = get_dir,
     .rewrite = rewrite_dir,
     .set = set_dir},
    {.name = NULL},
};

int64_t process_uptime_ms(void)
{
    return monotonic_ms() - began_ms;
}

/* The parent ends at once, so the shell that started it goes on; the child
 * leaves the session and with it the terminal. */
static void enter_background(void)
{
    if (fork() != 0)
        exit(0);
    setsid();
    int nowhere = open("/dev/null", O_RDWR);
    if (nowhere < 0)
        return;
    dup2(nowhere, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    if (nowhere > STDERR_FILENO)
        close(nowhere);
}

/* A log that cannot be written would hide every later problem, so it ends the
 * start. */
void process_begin(void)
{
    const char *error;
    if (log_settings.file[0] && !log_file_is_writable(log_settings.file)) {
        config_fail(&error, "Can't open the log file: %s", strerror(errno));
        config_refuse(error);
    }
    if (settings.daemonize)
        enter_background();
    began_ms = monotonic_ms();
}

/* "" when no file is wanted. */
static const char *pid_file(void)
{
    if (settings.pid_file[0] || !settings.daemonize)
        return settings.pid_file;
    return BACKGROUND_PID_FILE;
}

/* A server runs as well without it, so a failure is only told. */
void process_write_pid(void)
{
    if (!pid_file()[0])
        return;
    FILE *stream = fopen(pid_file(), "w");
    if (!stream) {
        log_write(LOG_WARNING, "Failed to write PID file: %s", strerror(errno));
        return;
    }
    fprintf(stream, "%ld\n", (long)getpid());
    fclose(stream);
}

void process_remove_pid(void)
{
    if (!pid_file()[0])
        return;
    log_write(LOG_NOTICE, "Removing the pid file.");
    unlink(pid_file());
}

int64_t process_allow_files(int64_t wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
        limit.rlim_cur >= (rlim_t)wanted)
        return wanted;
    struct rlimit raised = {.rlim_cur = (rlim_t)wanted,
                            .rlim_max = limit.rlim_max > (rlim_t)wanted
                                            ? limit.rlim_max
                                            : (rlim_t)wanted};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
        return wanted;
    raised = (struct rlimit){limit.rlim_max, limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
        limit.rlim_cur = limit.rlim_max;
    return (int64_t)limit.rlim_cur;
}
