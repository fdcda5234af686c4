#include "common/log.h"

#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static char directory[] = "/tmp/log_test_XXXXXX";
static char path[64];
static char moved[64];

/* What the file holds; empty when it cannot be read. */
static const char *contents(const char *file_name)
{
    static char text[8192];
    FILE *file = fopen(file_name, "r");
    text[0] = '\0';
    if (file != NULL) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    return text;
}

static bool matches(const char *text, const char *pattern)
{
    regex_t compiled;
    if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    bool found = regexec(&compiled, text, 0, NULL, 0) == 0;
    regfree(&compiled);
    return found;
}

static void test_format(void)
{
    log_write(LOG_NOTICE, "Ready to accept %s", "connections");
    CHECK(matches(contents(path), "^[0-9]+:M [0-9]{2} [A-Z][a-z]{2} [0-9]{4} "
                                  "[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3} \\* "
                                  "Ready to accept connections\n$"));
    CHECK_INT(atol(contents(path)), (int64_t)getpid());
    log_settings.role = 'S';
    log_write(LOG_WARNING, "second");
    log_settings.role = 'M';
    CHECK(matches(contents(path), "connections\n[0-9]+:S .* # second\n$"));
}

/* A renamed file stays as it is; the next line starts a new one. */
static void test_rotation(void)
{
    CHECK(rename(path, moved) == 0);
    log_write(LOG_WARNING, "third");
    CHECK(matches(contents(moved), " # second\n$"));
    CHECK(matches(contents(path), "^[^\n]* # third\n$"));
}

static void test_levels(void)
{
    unlink(path);
    log_write(LOG_VERBOSE, "too quiet");
    CHECK(access(path, F_OK) != 0);
    log_settings.level = LOG_DEBUG;
    log_write(LOG_DEBUG, "d");
    log_write(LOG_VERBOSE, "v");
    log_settings.level = LOG_NOTICE;
    CHECK(matches(contents(path), "^[^\n]* \\. d\n[^\n]* - v\n$"));
}

static void test_long_text(void)
{
    static char text[4000];
    memset(text, 'x', sizeof text - 1);
    unlink(path);
    log_write(LOG_WARNING, "%s", text);
    const char *line = contents(path);
    CHECK_INT((int64_t)strlen(strchr(line, 'x')), 1024);
    CHECK(line[strlen(line) - 1] == '\n');
}

/* Without a file, lines go to standard output: here a file takes its place. */
static void test_standard_output(char *no_file)
{
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(saved != -1 && fd != -1);
    dup2(fd, STDOUT_FILENO);
    log_settings.file = no_file;
    log_write(LOG_WARNING, "shown");
    dup2(saved, STDOUT_FILENO);
    close(saved);
    close(fd);
    CHECK(matches(contents(path), "^[0-9]+:M .* # shown\n$"));
}

/* The descriptor that would be opened next: higher after a leak. */
static int next_descriptor(void)
{
    int fd = dup(STDOUT_FILENO);
    close(fd);
    return fd;
}

void test_log(void)
{
    int descriptor = next_descriptor();
    CHECK(mkdtemp(directory) != NULL);
    snprintf(path, sizeof path, "%s/log", directory);
    snprintf(moved, sizeof moved, "%s/log.1", directory);
    log_settings.file = path;
    test_format();
    test_rotation();
    test_levels();
    test_long_text();
    CHECK(log_file_is_writable(path));
    CHECK(!log_file_is_writable("/nowhere/log") && errno == ENOENT);
    log_settings.file = "/nowhere/log";
    errno = EINTR;
    log_write(LOG_WARNING, "lost");
    CHECK_INT(errno, EINTR);
    test_standard_output("");
    test_standard_output(NULL);
    CHECK_INT(next_descriptor(), descriptor);
    unlink(path);
    unlink(moved);
    CHECK(rmdir(directory) == 0);
}
