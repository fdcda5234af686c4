/* reader: the reader of the protocol by itself, without a socket.
 *
 *   printf 'PING\r\n' | reader 3
 *
 * Feeds standard input to resp_read in pieces of that many bytes and prints
 * what it says after each. Chapter 00 builds it with net/resp.c of a stage. */
#include <stdio.h>
#include <stdlib.h>

#include "common/quote.h"
#include "net/resp.h"

/* Each in quotes, with blanks between: "ECHO" "hello". */
static void print_quoted(const struct slice *words, int count)
{
    struct buffer text = {0};
    for (int i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_text(&text, " ");
        quote_append(&text, words[i]);
    }
    printf("%.*s", (int)text.len, text.data);
    buffer_free(&text);
}

/* What the reader remembers until more bytes come. */
static void print_state(const struct resp_reader *r, const struct buffer *input)
{
    printf("    not yet; kept ");
    print_quoted(&(struct slice){input->data, input->len}, 1);
    printf(", position %zu", r->position);
    if (r->args_left > 0)
        printf(", %lld to come", (long long)r->args_left);
    if (r->bulk_len >= 0)
        printf(", the next of %lld bytes", (long long)r->bulk_len);
    printf("\n");
}

/* Takes all the commands that are complete. False after a protocol error. */
static bool read_commands(struct resp_reader *r, struct buffer *input)
{
    enum resp_status status;
    while ((status = resp_read(r, input)) == RESP_COMMAND) {
        printf("    command: ");
        print_quoted(r->argv, r->argc);
        printf("\n");
    }
    if (status == RESP_MALFORMED) {
        printf("    malformed: %s\n", r->error);
        return false;
    }
    resp_discard_read(r, input);
    print_state(r, input);
    return true;
}

int main(int argc, char **argv)
{
    size_t size = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    struct buffer input = {0};
    struct resp_reader reader;
    resp_init(&reader);
    for (;;) {
        char *piece = buffer_reserve(&input, size);
        size_t got = fread(piece, 1, size, stdin);
        if (got == 0)
            break;
        input.len += got;
        print_quoted(&(struct slice){piece, got}, 1);
        printf("\n");
        if (!read_commands(&reader, &input))
            break;
    }
    resp_free(&reader);
    buffer_free(&input);
    return 0;
}
