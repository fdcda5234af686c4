/* synopsis: replies with what the synopsis of a command says of its arguments.
 *
 *   "key [count:integer]@6.2.0"
 *     -> 1) name: "key",   type: "key",     key_spec_index: 0
 *        2) name: "count", type: "integer", since: 6.2.0, flags: optional
 *
 * A synopsis is read from left to right, each part when the reply comes to it.
 * It comes from docs, never from a client, so it is taken to be right. */
#include "more/02-keyspace/command/synopsis.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "net/client.h"
#include "net/reply.h"

enum { TOKEN_MAX_BYTES = 32 };

/* What is left of a list of arguments. */
struct reader {
    const char *at;
    int next_key; /* the key specification to which the next key belongs */
};

/* An argument. A slice without an address is a field that it lacks. */
struct argument {
    struct slice name, type, token, since, deprecated_since;
    char lower[TOKEN_MAX_BYTES]; /* the name if that is the token */
    int key_spec; /* -1 if it names no key */
    bool is_optional, is_multiple;
    bool is_token_multiple; /* the token is repeated, too */
    const char *parts; /* the arguments of a oneof or a block; else NULL */
};

/* Skips a mark if it comes next; returns whether it does. */
static bool take(struct reader *r, const char *mark)
{
    size_t len = strlen(mark);
    if (strncmp(r->at, mark, len) != 0)
        return false;
    r->at += len;
    return true;
}

/* Takes what comes before the first of these characters, or the end. */
static struct slice take_until(struct reader *r, const char *stops)
{
    struct slice word = {r->at, strcspn(r->at, stops)};
    r->at += word.len;
    return word;
}

static struct slice take_word(struct reader *r)
{
    return take_until(r, " |()[]'.#@!");
}

/* Skips the arguments of a oneof or a block, which are read later, and tells
 * these types apart. */
static void take_parts(struct reader *r, struct argument *arg)
{
    arg->parts = r->at;
    arg->type = SLICE("block");
    for (int depth = 1; depth > 0; r->at++) {
        if (*r->at == '(' || *r->at == '[')
            depth++;
        else if (*r->at == ')' || *r->at == ']')
            depth--;
        else if (*r->at == '|' && depth == 1)
            arg->type = SLICE("oneof");
    }
}

/* Takes the name of a value, which may have a ':' in it, and the type after
 * its last ':'. */
static void take_name(struct reader *r, struct argument *arg)
{
    struct slice word = take_word(r);
    size_t colon = word.len;
    while (colon > 0 && word.ptr[colon - 1] != ':')
        colon--;
    if (colon > 0) {
        arg->name = (struct slice){word.ptr, colon - 1};
        arg->type = (struct slice){word.ptr + colon, word.len - colon};
    } else {
        arg->name = word;
        arg->type = slice_is(word, "key") ? SLICE("key") : SLICE("string");
    }
}

/* Takes a value: its name, then what it is. */
static void take_value(struct reader *r, struct argument *arg)
{
    take_name(r, arg);
    if (take(r, "(")) {
        take_parts(r, arg);
    } else if (take(r, "'")) {
        arg->type = SLICE("pure-token");
        arg->token = take_until(r, "'");
        take(r, "'");
    } else if (take(r, "#")) {
        arg->key_spec = *r->at++ - '0';
        r->next_key = arg->key_spec + 1;
    } else if (slice_is(arg->type, "key")) {
        arg->key_spec = r->next_key++;
    }
}

/* Takes a token, which is an argument by itself unless a value follows. */
static void take_token(struct reader *r, struct argument *arg)
{
    arg->token = take_word(r);
    if (r->at[0] == ' ' && islower((unsigned char)r->at[1])) {
        r->at++;
        take_value(r, arg);
        return;
    }
    assert(arg->token.len <= sizeof arg->lower);
    for (size_t i = 0; i < arg->token.len; i++)
        arg->lower[i] = (char)tolower((unsigned char)arg->token.ptr[i]);
    arg->name = (struct slice){arg->lower, arg->token.len};
    arg->type = SLICE("pure-token");
}

static void take_argument(struct reader *r, struct argument *arg)
{
    *arg = (struct argument){.key_spec = -1};
    arg->is_optional = take(r, "[");
    if (isupper((unsigned char)*r->at))
        take_token(r, arg);
    else
        take_value(r, arg);
    arg->is_multiple = take(r, "...");
    if (arg->is_optional)
        take(r, "]");
    arg->is_token_multiple = take(r, "...");
    if (take(r, "@"))
        arg->since = take_until(r, " |)]");
    if (take(r, "!"))
        arg->deprecated_since = take_until(r, " |)]");
}

/* Skips what separates an argument from the next; returns whether there is
 * one. */
static bool take_separator(struct reader *r)
{
    return take(r, " | ") || take(r, " ");
}

/* Replies with a field if the argument has it. */
static void reply_field(struct client *c, const char *field, struct slice value)
{
    if (value.ptr) {
        reply_bulk_text(c, field);
        reply_bulk(c, value);
    }
}

static void reply_flags(struct client *c, const struct argument *arg)
{
    size_t count = (size_t)arg->is_optional +
                   (arg->is_token_multiple ? 2 : arg->is_multiple);
    if (count == 0)
        return;
    reply_bulk_text(c, "flags");
    reply_aggregate(c, REPLY_SET, count);
    if (arg->is_optional)
        reply_simple(c, "optional");
    if (arg->is_multiple || arg->is_token_multiple)
        reply_simple(c, "multiple");
    if (arg->is_token_multiple)
        reply_simple(c, "multiple_token");
}

static void reply_arguments(struct client *c, struct reader *r);

static void reply_argument(struct client *c, struct reader *r)
{
    struct argument arg;
    take_argument(r, &arg);
    bool has_flags =
        arg.is_optional || arg.is_multiple || arg.is_token_multiple;
    reply_map(c, 2 + (size_t)(arg.key_spec >= 0) + (arg.token.ptr != NULL) +
                     (arg.since.ptr != NULL) +
                     (arg.deprecated_since.ptr != NULL) + has_flags +
                     (arg.parts != NULL));
    reply_field(c, "name", arg.name);
    reply_field(c, "type", arg.type);
    if (arg.key_spec >= 0) {
        reply_bulk_text(c, "key_spec_index");
        reply_integer(c, arg.key_spec);
    }
    reply_field(c, "token", arg.token);
    reply_field(c, "since", arg.since);
    reply_field(c, "deprecated_since", arg.deprecated_since);
    reply_flags(c, &arg);
    if (arg.parts) {
        struct reader parts = {arg.parts, r->next_key};
        reply_bulk_text(c, "arguments");
        reply_arguments(c, &parts);
        r->next_key = parts.next_key;
    }
}

/* Replies with the arguments up to the end of the list. They are read twice,
 * first to be counted. */
static void reply_arguments(struct client *c, struct reader *r)
{
    struct reader ahead = *r;
    struct argument arg;
    size_t count = 0;
    do {
        take_argument(&ahead, &arg);
        count++;
    } while (take_separator(&ahead));
    reply_array(c, count);
    do {
        reply_argument(c, r);
    } while (take_separator(r));
}

void reply_synopsis(struct client *c, const char *synopsis)
{
    struct reader r = {synopsis, 0};
    reply_arguments(c, &r);
}
