/* client_list: who is connected, as lines of fields; and sending them away.
 *
 *   id=7 addr=127.0.0.1:5112 ... cmd=ping user=default redir=-1 resp=2
 *
 * Programs read these lines by the names of the fields and skip those they do
 * not know. */
#include "command/client_list.h"

#include "command/args.h"
#include "command/command.h"
#include "command/errors.h"
#include "command/users.h"
#include "common/clock.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

enum { CLASS_ANY = -1 };

/* Which letter stands for which flag. */
static const struct choice flag_letters[] = {
    {"O", CLIENT_MONITOR}, /* observes */
    {"b", CLIENT_POSTPONED}, /* blocked */
    {"c", CLIENT_CLOSE_AFTER_REPLY}, /* about to be closed */
    {"U", CLIENT_UNIX_SOCKET}, /* over a Unix socket */
    {"e", CLIENT_NO_EVICT}, /* never evicted */
    {NULL, 0},
};

/* The letters of its flags; N when it has none. */
static void append_flags(const struct client *c, struct buffer *out)
{
    buffer_append_text(out, " flags=");
    size_t before = out->len;
    for (const struct choice *letter = flag_letters; letter->name; letter++) {
        if (c->flags & (unsigned)letter->value)
            buffer_append_text(out, letter->name);
    }
    if (out->len == before)
        buffer_append_text(out, "N");
}

/* What it sent and what it was not sent yet, in bytes. */
static void append_memory(const struct client *c, struct buffer *out)
{
    size_t blocks;
    size_t block_bytes = output_memory(&c->output, &blocks);
    buffer_printf(out, " qbuf=%zu qbuf-free=%zu", c->input.len,
                  c->input.capacity - c->input.len);
    size_t arguments = 0;
    for (int i = 0; i < c->reader.argc; i++)
        arguments += c->reader.argv[i].len;
    buffer_printf(out, " argv-mem=%zu multi-mem=0", arguments);
    buffer_printf(out, " rbs=0 rbp=0 obl=0 oll=%zu omem=%zu tot-mem=%zu",
                  blocks, block_bytes, client_memory(c));
}

/* What the event loop watches its socket for. One whose command is being
 * executed has output that nobody had the time to send. */
static void append_events(const struct client *c, struct buffer *out)
{
    bool is_full = c->flags & CLIENT_OUTPUT_FULL;
    bool is_executing = c->reader.argc > 0 && !is_full;
    buffer_append_text(out, " events=");
    if (!(c->flags & CLIENT_CLOSE_AFTER_REPLY || is_full))
        buffer_append_text(out, "r");
    if (c->output.pending > 0 && !is_executing &&
        !(c->flags & CLIENT_FLUSH_QUEUED))
        buffer_append_text(out, "w");
}

/* Appends the client's line. */
static void append_line(const struct client *c, struct buffer *out)
{
    int64_t now_ms = clock_ticked_ms();
    buffer_printf(out, "id=%llu addr=", (unsigned long long)c->id);
    client_append_peer(c, out);
    buffer_append_text(out, " laddr=");
    client_append_local(c, out);
    buffer_printf(out, " fd=%d name=%s", c->fd, c->name ? c->name : "");
    buffer_printf(out, " age=%lld idle=%lld",
                  (long long)(now_ms - c->created_ms) / 1000,
                  (long long)(now_ms - c->active_ms) / 1000);
    append_flags(c, out);
    buffer_printf(out, " db=%d sub=0 psub=0 ssub=0 multi=-1", c->db->id);
    append_memory(c, out);
    append_events(c, out);
    buffer_printf(out, " cmd=%s", c->command ? c->command->name : "NULL");
    buffer_printf(out, " user=%s redir=-1 resp=%d\n", c->user->name,
                  c->protocol);
}

/* Answers the text and frees it. */
static void reply_text(struct client *c, struct buffer *text)
{
    reply_verbatim(c, "txt", buffer_slice(text));
    buffer_free(text);
}

/* CLIENT INFO: the line of whoever asks. */
void client_info_command(struct client *c)
{
    struct buffer text = {0};
    append_line(c, &text);
    reply_text(c, &text);
}

/* Answers when there is no such class. */
static bool parse_class(struct client *c, struct slice name, int *class)
{
    const struct choice *found = choice_find(client_classes, name);
    if (found)
        *class = found->value;
    else
        reply_errorf(c, "ERR Unknown client type '%.*s'", (int)name.len,
                     name.ptr);
    return found;
}

/* Lists the clients of the class. */
static void list_class(struct client *c, int class)
{
    struct buffer text = {0};
    for (struct client *x = client_first(); x; x = x->next) {
        if (class == CLASS_ANY || (int)client_class(x) == class)
            append_line(x, &text);
    }
    reply_text(c, &text);
}

/* Lists the clients with the ids from the third argument on. */
static void list_ids(struct client *c)
{
    struct buffer text = {0};
    int64_t id;
    for (int i = 3; i < c->argc; i++) {
        if (!arg_integer(c, c->argv[i], &id, "ERR Invalid client ID")) {
            buffer_free(&text);
            return;
        }
        const struct client *x = client_by_id((uint64_t)id);
        if (x)
            append_line(x, &text);
    }
    reply_text(c, &text);
}

/* CLIENT LIST [TYPE type | ID id ...] */
void client_list_command(struct client *c)
{
    int class = CLASS_ANY;
    if (c->argc > 3 && slice_is(c->argv[2], "id"))
        list_ids(c);
    else if (c->argc != 2 && (c->argc != 4 || !slice_is(c->argv[2], "type")))
        reply_error(c, ERR_SYNTAX);
    else if (c->argc == 2 || parse_class(c, c->argv[3], &class))
        list_class(c, class);
}

/* What a client must be to be killed; what is empty does not matter. */
struct conditions {
    int64_t id;
    int class;
    struct slice address;
    struct slice local_address;
    const struct user *user;
    int skip_me; /* 1: not the caller */
};

/* Whether the address that `append` tells of the client is the wanted one. */
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

/* Whether the client is all that is wanted. */
static bool applies(const struct conditions *wanted, const struct client *c)
{
    if (wanted->id && c->id != (uint64_t)wanted->id)
        return false;
    if (wanted->class != CLASS_ANY && (int)client_class(c) != wanted->class)
        return false;
    if (wanted->address.ptr &&
        !has_address(c, wanted->address, client_append_peer))
        return false;
    if (wanted->user && c->user != wanted->user)
        return false;
    return !wanted->local_address.ptr ||
           has_address(c, wanted->local_address, client_append_local);
}

/* Takes the condition that begins at the argument. Answers when it makes no
 * sense. */
static bool parse_condition(struct client *c, int argument,
                            struct conditions *wanted)
{
    static const struct choice answers[] = {{"no", 0}, {"yes", 1}, {NULL, 0}};
    if (argument == c->argc - 1) {
        reply_error(c, ERR_SYNTAX);
        return false;
    }
    struct slice name = c->argv[argument], value = c->argv[argument + 1];
    if (slice_is(name, "id"))
        return arg_range(c, value, 1, INT64_MAX, &wanted->id,
                         "ERR client-id should be greater than 0");
    if (slice_is(name, "type"))
        return parse_class(c, value, &wanted->class);
    if (slice_is(name, "skipme"))
        return arg_choice(c, value, answers, &wanted->skip_me, NULL);
    if (slice_is(name, "addr")) {
        wanted->address = value;
    } else if (slice_is(name, "laddr")) {
        wanted->local_address = value;
    } else if (!slice_is(name, "user")) {
        reply_error(c, ERR_SYNTAX);
        return false;
    } else if (!(wanted->user = user_find(value))) {
        reply_errorf(c, "ERR No such user '%.*s'", (int)value.len, value.ptr);
        return false;
    }
    return true;
}

/* Closes the connections. The caller's own is closed when it has its answer.
 * Returns how many there were. */
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

/* CLIENT KILL address, as of old: one client, which may be the caller. */
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
        if (!parse_condition(c, i, &wanted))
            return;
    }
    reply_integer(c, kill_clients(c, &wanted));
}
