/* observe: writes each propagated command to observed.aof in the server's
 * working directory, as an append-only file holds it:
 *
 *   *2\r\n $6\r\nSELECT\r\n $1\r\n0\r\n      when the database is another one
 *   *3\r\n $3\r\nSET\r\n $1\r\nk\r\n $1\r\nv\r\n
 *
 * Only a build with OBSERVE=1 has this file. Its linker is told to call
 * __wrap_more_open where main calls more_open, and more_open where this file
 * calls __real_more_open: no source of a stage knows of it. */
#include <stdio.h>
#include <stdlib.h>

#include "command/call.h"
#include "common/numbers.h"
#include "more.h"

void __real_more_open(void);
void __wrap_more_open(void);

/* Opened by the first command, when the server is in its directory. */
static FILE *file;
static int selected_db = -1;

static void write_command(int argc, const struct slice *argv)
{
    fprintf(file, "*%d\r\n", argc);
    for (int i = 0; i < argc; i++) {
        fprintf(file, "$%zu\r\n", argv[i].len);
        fwrite(argv[i].ptr, 1, argv[i].len, file);
        fputs("\r\n", file);
    }
}

static void select_db(int db)
{
    char text[INT64_TEXT_MAX];
    const struct slice argv[] = {SLICE("SELECT"),
                                 {text, format_int64(text, db)}};
    write_command(2, argv);
    selected_db = db;
}

/* The command is in the file before the client has its reply. A test cannot use
 * half of a file, so an error ends the server. */
static void observe(int db, int argc, const struct slice *argv)
{
    if (!file)
        file = fopen("observed.aof", "ab");
    if (file && db != selected_db)
        select_db(db);
    if (file)
        write_command(argc, argv);
    if (!file || fflush(file) != 0) {
        perror("observed.aof");
        abort();
    }
}

void __wrap_more_open(void)
{
    __real_more_open();
    propagate_to(observe);
}
