/* check: counts checks, and prints those that fail. */
#include "check.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/buffer.h"
#include "common/quote.h"

enum { SHOWN_MAX = 10 }; /* of a module's failures */

static unsigned long done;
static unsigned long failed;

void check_begin(void)
{
    done = 0;
    failed = 0;
}

bool check_end(const char *module)
{
    if (failed > SHOWN_MAX)
        printf("... and %lu more\n", failed - SHOWN_MAX);
    if (failed == 0)
        printf("ok      %-8s %lu checks\n", module, done);
    else
        printf("FAILED  %-8s %lu of %lu checks\n", module, failed, done);
    fflush(stdout);
    return failed == 0;
}

/* Counts a check; true when it failed and is to be shown. */
static bool count(bool holds)
{
    done++;
    if (!holds)
        failed++;
    return !holds && failed <= SHOWN_MAX;
}

void check_that(const char *file, int line, bool holds, const char *text)
{
    if (count(holds))
        printf("%s:%d: %s\n", file, line, text);
}

void check_int(const char *file, int line, int64_t got, int64_t wanted,
               const char *text)
{
    if (count(got == wanted))
        printf("%s:%d: %s is %" PRId64 ", not %" PRId64 "\n", file, line, text,
               got, wanted);
}

void check_text(const char *file, int line, struct slice got,
                const char *wanted, struct slice about)
{
    if (!count(slice_equal(got, slice_of(wanted))))
        return;
    struct buffer report = {0};
    quote_append(&report, about);
    buffer_append_text(&report, ": got ");
    quote_append(&report, got);
    buffer_append_text(&report, ", not ");
    quote_append(&report, slice_of(wanted));
    printf("%s:%d: %.*s\n", file, line, (int)report.len, report.data);
    buffer_free(&report);
}

/* The child's part: no core file, standard error into the pipe. */
static _Noreturn void run_child(void (*function)(void), int out)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    dup2(out, STDERR_FILENO);
    function();
    _exit(0);
}

bool check_aborts(void (*function)(void), const char *message)
{
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        run_child(function, ends[1]);
    close(ends[1]);
    char text[256] = "";
    size_t len = 0;
    ssize_t got;
    while (len < sizeof text - 1 &&
           (got = read(ends[0], text + len, sizeof text - 1 - len)) > 0)
        len += (size_t)got;
    close(ends[0]);
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT && strstr(text, message) != NULL;
}
