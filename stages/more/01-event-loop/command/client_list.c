/* client_list: adds CLIENT LIST, INFO and KILL.
 *
 *   id=7 addr=127.0.0.1:5112 ... cmd=ping user=default redir=-1 resp=2
 *
 * Programs find a field of a line by its name and skip those that they do not
 * know. A field is a row, so that another file can give its value. */
#include "more/01-event-loop/command/client_list.h"

#include <assert.h>
#include <string.h>

#include "command/command.h"
#include "common/clock.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/command/arguments.h"
#include "more/01-event-loop/net/addresses.h"
#include "more/01-event-loop/net/extension.h"
#include "more/01-event-loop/net/output_limits.h"
#include "more/01-event-loop/net/replies.h"
#include "net/client.h"
#include "net/reply.h"

enum { CLASS_ANY = -1, LETTERS_MAX = 16 };

/* The letters of the field "flags", each with the client's flag. */
static struct choice letters[LETTERS_MAX] = {
    {"b", CLIENT_POSTPONED}, /* blocked */
    {"c", CLIENT_CLOSE_AFTER_REPLY}, /* about to be closed */
    {"U", CLIENT_UNIX_SOCKET}, /* over a Unix socket */
    {"e", CLIENT_NO_EVICT}, /* never evicted */
    {NULL, 0},
};

void client_letter_add(const char *letter, unsigned flag)
{
    assert(!letters[LETTERS_MAX - 2].name);
    memmove(&letters[1], &letters[0], sizeof letters - sizeof letters[0]);
    letters[0] = (struct choice){letter, (int)flag};
}

/* Appends a number in decimal digits. */
static void append_number(struct buffer *out, int64_t number)
{
    buffer_printf(out, "%lld", (long long)number);
}

/* The client's id, never used again. */
static void append_id(const struct client *c, struct buffer *out)
{
    append_number(out, (int64_t)c->id);
}

/* The socket's file descriptor. */
static void append_fd(const struct client *c, struct buffer *out)
{
    append_number(out, c->fd);
}

/* Its name, or nothing. */
static void append_name(const struct client *c, struct buffer *out)
{
    const char *name = extension_of(c)->name;
    buffer_append_text(out, name ? name : "");
}

/* Seconds since it connected. */
static void append_age(const struct client *c, struct buffer *out)
{
    int64_t age_ms = clock_ticked_ms() - extension_of(c)->created_ms;
    append_number(out, age_ms / 1000);
}

/* Seconds since it sent a command or read a reply. */
static void append_idle(const struct client *c, struct buffer *out)
{
    append_number(out, (clock_ticked_ms() - c->active_ms) / 1000);
}

/* The letters of its flags; N when it has none. */
static void append_flags(const struct client *c, struct buffer *out)
{
    size_t before = out->len;
    for (const struct choice *letter = letters; letter->name; letter++) {
        if (c->flags & (unsigned)letter->value)
            buffer_append_text(out, letter->name);
    }
    if (out->len == before)
        buffer_append_text(out, "N");
}

/* Bytes in the input buffer. */
static void append_qbuf(const struct client *c, struct buffer *out)
{
    append_number(out, (int64_t)c->input.len);
}

/* Bytes that still fit into the input buffer. */
static void append_qbuf_free(const struct client *c, struct buffer *out)
{
    append_number(out, (int64_t)(c->input.capacity - c->input.len));
}

/* Bytes of the arguments that have been read. */
static void append_argv_mem(const struct client *c, struct buffer *out)
{
    size_t bytes = 0;
    for (int i = 0; i < c->reader.argc; i++)
        bytes += c->reader.argv[i].len;
    append_number(out, (int64_t)bytes);
}

/* Number of blocks in the output buffer. */
static void append_oll(const struct client *c, struct buffer *out)
{
    size_t blocks;
    output_memory(&c->output, &blocks);
    append_number(out, (int64_t)blocks);
}

/* Bytes of memory of the output buffer. */
static void append_omem(const struct client *c, struct buffer *out)
{
    size_t blocks;
    append_number(out, (int64_t)output_memory(&c->output, &blocks));
}

/* Bytes of memory of the client with its buffers. */
static void append_tot_mem(const struct client *c, struct buffer *out)
{
    append_number(out, (int64_t)client_memory(c));
}

/* What the event loop watches its socket for. Output of a command that is being
 * executed does not count: the loop has had no time to send it. */
static void append_events(const struct client *c, struct buffer *out)
{
    bool is_full = c->flags & CLIENT_OUTPUT_FULL;
    bool is_executing = c->reader.argc > 0 && !is_full;
    if (!(c->flags & CLIENT_CLOSE_AFTER_REPLY || is_full))
        buffer_append_text(out, "r");
    if (c->output.pending > 0 && !is_executing &&
        !(c->flags & CLIENT_FLUSH_QUEUED))
        buffer_append_text(out, "w");
}

/* The last command. */
static void append_cmd(const struct client *c, struct buffer *out)
{
    buffer_append_text(out, c->command ? c->command->name : "NULL");
}

/* The version of the protocol. */
static void append_resp(const struct client *c, struct buffer *out)
{
    append_number(out, c->protocol);
}

static struct client_field {
    const char *name;
    client_field_fn *fn;
    const char *text; /* where there is no function */
} fields[] = {
    {"id", append_id, NULL},
    {"addr", client_append_peer, NULL},
    {"laddr", client_append_local, NULL},
    {"fd", append_fd, NULL},
    {"name", append_name, NULL},
    {"age", append_age, NULL},
    {"idle", append_idle, NULL},
    {"flags", append_flags, NULL},
    {"db", NULL, "0"},
    {"sub", NULL, "0"},
    {"psub", NULL, "0"},
    {"ssub", NULL, "0"},
    {"multi", NULL, "-1"},
    {"qbuf", append_qbuf, NULL},
    {"qbuf-free", append_qbuf_free, NULL},
    {"argv-mem", append_argv_mem, NULL},
    {"multi-mem", NULL, "0"},
    {"rbs", NULL, "0"},
    {"rbp", NULL, "0"},
    {"obl", NULL, "0"},
    {"oll", append_oll, NULL},
    {"omem", append_omem, NULL},
    {"tot-mem", append_tot_mem, NULL},
    {"events", append_events, NULL},
    {"cmd", append_cmd, NULL},
    {"user", NULL, "default"},
    {"redir", NULL, "-1"},
    {"resp", append_resp, NULL},
};

enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

void client_field_set(const char *name, client_field_fn *fn)
{
    int i = 0;
    while (strcmp(fields[i].name, name) != 0)
        i++;
    fields[i].fn = fn;
}

/* Appends the client's line. */
static void append_line(const struct client *c, struct buffer *out)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        buffer_printf(out, "%s%s=", i > 0 ? " " : "", fields[i].name);
        if (fields[i].fn)
            fields[i].fn(c, out);
        else
            buffer_append_text(out, fields[i].text);
    }
    buffer_append_text(out, "\n");
}

static const char default_user[] = "default";

/* Finds the only user of a server without ACL. */
static const void *find_default(struct slice name)
{
    return slice_equal(name, slice_of(default_user)) ? default_user : NULL;
}

/* Returns that user for every client. */
static const void *always_default(const struct client *c)
{
    (void)c;
    return default_user;
}

static const void *(*find_user)(struct slice name) = find_default;
static const void *(*user_of)(const struct client *c) = always_default;

void client_users_set(const void *(*find)(struct slice name),
                      const void *(*of)(const struct client *c))
{
    find_user = find;
    user_of = of;
}

/* CLIENT INFO: the line of the client itself. */
void client_info_command(struct client *c)
{
    struct buffer text = {0};
    append_line(c, &text);
    reply_report(c, &text);
}

/* Parses a class of clients. Replies with an error and returns false if there
 * is none of that name. */
static bool class_or_reply(struct client *c, struct slice name, int *class)
{
    const struct choice *found = choice_find(client_classes, name);
    if (found)
        *class = found->value;
    else
        reply_errorf(c, "ERR Unknown client type '%.*s'", slice_precision(name),
                     name.ptr);
    return found;
}

/* Replies with the lines of the clients of a class. */
static void list_class(struct client *c, int class)
{
    struct buffer text = {0};
    for (struct client *x = client_first(); x; x = x->next) {
        if (class == CLASS_ANY || (int)client_class(x) == class)
            append_line(x, &text);
    }
    reply_report(c, &text);
}

/* Returns all clients, in the order of their ids; the caller frees it. */
static const struct client **all_clients(size_t *count)
{
    *count = 0;
    const struct client **all =
        zmalloc((size_t)client_count() * sizeof(struct client *));
    for (const struct client *c = client_first(); c; c = c->next)
        all[(*count)++] = c;
    return all;
}

/* Returns the client of that id among all, or NULL. */
static const struct client *find_client(const struct client **all, size_t count,
                                        uint64_t id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (all[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && all[low]->id == id ? all[low] : NULL;
}

/* Replies with the lines of the clients whose ids are given, from argument 3
 * on; ids that no client has are skipped. Many ids among many clients: each is
 * found by bisection. */
static void list_ids(struct client *c)
{
    struct buffer text = {0};
    size_t count;
    const struct client **all = all_clients(&count);
    int64_t id;
    int i = 3;
    for (; i < c->argc && parse_int64(c->argv[i], &id); i++) {
        const struct client *x = find_client(all, count, (uint64_t)id);
        if (x)
            append_line(x, &text);
    }
    zfree(all);
    if (i == c->argc) {
        reply_report(c, &text);
        return;
    }
    reply_error(c, "ERR Invalid client ID");
    buffer_free(&text);
}

/* CLIENT LIST [TYPE type | ID id ...] */
void client_list_command(struct client *c)
{
    int class = CLASS_ANY;
    if (c->argc > 3 && slice_is(c->argv[2], "id"))
        list_ids(c);
    else if (c->argc != 2 && (c->argc != 4 || !slice_is(c->argv[2], "type")))
        reply_error(c, SYNTAX_ERROR);
    else if (c->argc == 2 || class_or_reply(c, c->argv[3], &class))
        list_class(c, class);
}

/* Which clients CLIENT KILL closes. A field that is 0, NULL or CLASS_ANY
 * excludes none. */
struct conditions {
    int64_t id;
    int class;
    struct slice address;
    struct slice local_address;
    const void *user;
    int skip_me; /* 1: not the caller */
};

/* Whether the address that `append` writes for the client is the wanted one. */
static bool has_address(const struct client *c, struct slice wanted,
                        void (*append)(const struct client *c,
                                       struct buffer *out))
{
    struct buffer text = {0};
    append(c, &text);
    bool equal = slice_equal(buffer_slice(&text), wanted);
    buffer_free(&text);
    return equal;
}

/* Whether the client meets all conditions. */
static bool applies(const struct conditions *wanted, const struct client *c)
{
    if (wanted->id && c->id != (uint64_t)wanted->id)
        return false;
    if (wanted->class != CLASS_ANY && (int)client_class(c) != wanted->class)
        return false;
    if (wanted->address.ptr &&
        !has_address(c, wanted->address, client_append_peer))
        return false;
    if (wanted->user && user_of(c) != wanted->user)
        return false;
    return !wanted->local_address.ptr ||
           has_address(c, wanted->local_address, client_append_local);
}

/* Parses a client's id. Replies with an error and returns false if it is
 * invalid. */
static bool id_or_reply(struct client *c, struct slice arg, int64_t *id)
{
    bool valid = parse_int64(arg, id) && *id > 0;
    if (!valid)
        reply_error(c, "ERR client-id should be greater than 0");
    return valid;
}

/* Parses the condition that begins at the argument. Replies with an error and
 * returns false if it is invalid. */
static bool condition_or_reply(struct client *c, int argument,
                               struct conditions *wanted)
{
    static const struct choice answers[] = {{"no", 0}, {"yes", 1}, {NULL, 0}};
    if (argument == c->argc - 1) {
        reply_error(c, SYNTAX_ERROR);
        return false;
    }
    struct slice name = c->argv[argument], value = c->argv[argument + 1];
    if (slice_is(name, "id"))
        return id_or_reply(c, value, &wanted->id);
    if (slice_is(name, "type"))
        return class_or_reply(c, value, &wanted->class);
    if (slice_is(name, "skipme"))
        return choice_or_reply(c, value, answers, &wanted->skip_me, NULL);
    if (slice_is(name, "addr")) {
        wanted->address = value;
    } else if (slice_is(name, "laddr")) {
        wanted->local_address = value;
    } else if (!slice_is(name, "user")) {
        reply_error(c, SYNTAX_ERROR);
        return false;
    } else if (!(wanted->user = find_user(value))) {
        reply_errorf(c, "ERR No such user '%.*s'", slice_precision(value),
                     value.ptr);
        return false;
    }
    return true;
}

/* Closes the connections that meet the conditions; the caller's own once its
 * reply has been sent. Returns their number. */
static int64_t kill_clients(struct client *c, const struct conditions *wanted)
{
    int64_t killed = 0;
    struct client *next;
    for (struct client *x = client_first(); x; x = next) {
        next = x->next;
        if (!applies(wanted, x) || (x == c && wanted->skip_me))
            continue;
        if (x == c)
            c->flags |= CLIENT_CLOSE_AFTER_REPLY;
        else
            client_free(x);
        killed++;
    }
    return killed;
}

/* CLIENT KILL address, the old form: one client, which may be the caller. */
static void kill_address(struct client *c)
{
    struct conditions wanted = {.class = CLASS_ANY, .address = c->argv[2]};
    if (kill_clients(c, &wanted) > 0)
        reply_ok(c);
    else
        reply_error(c, "ERR No such client");
}

/* CLIENT KILL condition value [condition value ...] */
void client_kill_command(struct client *c)
{
    struct conditions wanted = {.class = CLASS_ANY, .skip_me = true};
    if (c->argc == 3) {
        kill_address(c);
        return;
    }
    for (int i = 2; i < c->argc; i += 2) {
        if (!condition_or_reply(c, i, &wanted))
            return;
    }
    reply_integer(c, kill_clients(c, &wanted));
}
