#include "more/02-keyspace/command/users.h"

#include <ctype.h>
#include <string.h>

#include "command/command.h"
#include "common/sha256.h"
#include "common/zmalloc.h"

#define BAD_DIGEST                                         \
    "The password hash must be exactly 64 characters and " \
    "contain only lowercase hexadecimal characters"
#define NO_SUCH_PASSWORD \
    "The password you are trying to remove from the user does not exist"

static struct user **users; /* sorted by name; each is linked to the next */
static size_t user_count;

/* Rules of one word: which flags go and which come. */
static const struct word_rule {
    const char *word;
    unsigned goes;
    unsigned comes;
    bool forgets_passwords;
} word_rules[] = {
    {"on", 0, USER_ON, false},
    {"off", USER_ON, 0, false},
    {"nopass", 0, USER_NO_PASSWORD, true},
    {"resetpass", USER_NO_PASSWORD, 0, true},
    {"+@all", 0, USER_ALL_COMMANDS, false},
    {"allcommands", 0, USER_ALL_COMMANDS, false},
    {"-@all", USER_ALL_COMMANDS, 0, false},
    {"nocommands", USER_ALL_COMMANDS, 0, false},
    {"~*", 0, USER_ALL_KEYS, false},
    {"allkeys", 0, USER_ALL_KEYS, false},
    {"resetkeys", USER_ALL_KEYS, 0, false},
    {"&*", 0, USER_ALL_CHANNELS, false},
    {"allchannels", 0, USER_ALL_CHANNELS, false},
    {"resetchannels", USER_ALL_CHANNELS, 0, false},
    {"skip-sanitize-payload", USER_SANITIZE, USER_SKIP_SANITIZE, false},
    {"sanitize-payload", USER_SKIP_SANITIZE, USER_SANITIZE, false},
    {"reset", ~0U, USER_SANITIZE, true},
    {"", 0, 0, false},
    {NULL, 0, 0, false},
};

/* Returns the index of the first user whose name does not come before that
 * one. */
static size_t place_of(struct slice name)
{
    size_t low = 0, high = user_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (slice_compare(slice_of(users[middle]->name), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Links the user before that index to the one at it. */
static void link_place(size_t i)
{
    if (i > 0)
        users[i - 1]->next = i < user_count ? users[i] : NULL;
}

/* Inserts a new user, who may do nothing, at its place in the list. */
static struct user *create(struct slice name)
{
    size_t i = place_of(name);
    users = zrealloc(users, (user_count + 1) * sizeof *users);
    memmove(users + i + 1, users + i, (user_count - i) * sizeof *users);
    user_count++;
    users[i] = zcalloc(1, sizeof *users[i]);
    users[i]->name = slice_dup(name);
    link_place(i);
    link_place(i + 1);
    return users[i];
}

struct user *user_default(void)
{
    static struct user *u;
    if (!u) {
        u = create(SLICE("default"));
        u->flags = USER_ON | USER_NO_PASSWORD | USER_MAY_ALL;
    }
    return u;
}

struct user *user_first(void)
{
    return user_count > 0 ? users[0] : NULL;
}

struct user *user_find(struct slice name)
{
    size_t i = place_of(name);
    return i < user_count && slice_equal(slice_of(users[i]->name), name)
               ? users[i]
               : NULL;
}

void user_delete(struct user *u)
{
    size_t i = place_of(slice_of(u->name));
    user_count--;
    memmove(users + i, users + i + 1, (user_count - i) * sizeof *users);
    link_place(i);
    buffer_free(&u->digests);
    zfree(u->name);
    zfree(u);
}

/* Whether the digest is among the user's. Takes the same time whichever it is,
 * so that a client that guesses a password learns nothing from it. */
static bool has_digest(const struct user *u, const char *digest)
{
    bool found = false;
    for (size_t i = 0; i < u->digests.len; i += SHA256_HEX)
        found |= constant_time_equal(u->digests.data + i, digest, SHA256_HEX);
    return found;
}

/* Returns where the digest is among the user's, or NULL. Not in
 * constant time: these clients may change users anyway, and thousands of rules
 * must not take seconds. */
static char *find_digest(const struct user *u, const char *digest)
{
    for (size_t i = 0; i < u->digests.len; i += SHA256_HEX) {
        if (memcmp(u->digests.data + i, digest, SHA256_HEX) == 0)
            return u->digests.data + i;
    }
    return NULL;
}

/* One password more; from now on not every password is accepted. */
static void add_digest(struct user *u, const char *digest)
{
    if (!find_digest(u, digest))
        buffer_append(&u->digests, digest, SHA256_HEX);
    u->flags &= ~(unsigned)USER_NO_PASSWORD;
}

/* Returns false, with a reason, when there is no such password. */
static bool remove_digest(struct user *u, const char *digest,
                          const char **error)
{
    char *at = find_digest(u, digest);
    *error = NO_SUCH_PASSWORD;
    if (!at)
        return false;
    char *rest = at + SHA256_HEX;
    memmove(at, rest, (size_t)(u->digests.data + u->digests.len - rest));
    u->digests.len -= SHA256_HEX;
    return true;
}

/* Whether the first byte is one of those in the text. */
static bool begins_with(struct slice s, const char *text)
{
    return s.len > 0 && s.ptr[0] && strchr(text, s.ptr[0]);
}

/* Whether the bytes are of the kind that sha256_hex writes. */
static bool is_digest(struct slice s)
{
    while (begins_with(s, "0123456789abcdef"))
        s = (struct slice){s.ptr + 1, s.len - 1};
    return s.len == 0;
}

/* >secret <secret #digest !digest */
static bool apply_password(struct user *u, char kind, struct slice text,
                           const char **error)
{
    char digest[SHA256_HEX + 1];
    if (kind == '>' || kind == '<') {
        sha256_hex(text, digest);
    } else if (text.len == SHA256_HEX && is_digest(text)) {
        memcpy(digest, text.ptr, SHA256_HEX);
    } else {
        *error = BAD_DIGEST;
        return false;
    }
    if (kind == '<' || kind == '!')
        return remove_digest(u, digest, error);
    add_digest(u, digest);
    return true;
}

/* Changes the user by one rule, or says why it is wrong. */
static bool apply(struct user *u, struct slice rule, const char **error)
{
    struct slice rest = {rule.ptr + 1, rule.len - 1};
    const struct word_rule *r = word_rules;
    if (begins_with(rule, "><#!"))
        return apply_password(u, rule.ptr[0], rest, error);
    while (r->word && !slice_is(rule, r->word))
        r++;
    *error = begins_with(rule, "+-") && !command_find(rest)
                 ? "Unknown command or category name in ACL"
                 : "Syntax error";
    if (!r->word)
        return false;
    u->flags = (u->flags & ~r->goes) | r->comes;
    if (r->forgets_passwords)
        buffer_free(&u->digests);
    return true;
}

/* Names are printed in lists with spaces between them. */
static bool is_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (isspace((unsigned char)name.ptr[i]) || name.ptr[i] == '\0')
            return false;
    }
    return true;
}

bool user_change(struct slice name, const struct slice *rules, int count,
                 int *wrong, const char **error)
{
    struct user *u = user_find(name);
    struct user changed = {0};
    *wrong = -1;
    *error = "Usernames can't contain spaces or null characters";
    if (!is_name(name))
        return false;
    if (u) {
        changed.flags = u->flags;
        buffer_append_slice(&changed.digests, buffer_slice(&u->digests));
    }
    for (int i = 0; i < count; i++) {
        if (!apply(&changed, rules[i], error)) {
            *wrong = i;
            buffer_free(&changed.digests);
            return false;
        }
    }
    if (!u)
        u = create(name);
    buffer_free(&u->digests);
    u->flags = changed.flags;
    u->digests = changed.digests;
    return true;
}

bool user_accepts(const struct user *u, struct slice password)
{
    char digest[SHA256_HEX + 1];
    sha256_hex(password, digest);
    return u->flags & USER_ON &&
           (u->flags & USER_NO_PASSWORD || has_digest(u, digest));
}

bool user_is_open(const struct user *u)
{
    unsigned open = USER_ON | USER_NO_PASSWORD;
    return (u->flags & open) == open;
}

void user_append_line(const struct user *u, struct buffer *out)
{
    unsigned flags = u->flags;
    buffer_printf(out, "user %s %s%s%s%s", u->name,
                  flags & USER_ON ? "on" : "off",
                  flags & USER_NO_PASSWORD ? " nopass" : "",
                  flags & USER_SKIP_SANITIZE ? " skip-sanitize-payload" : "",
                  flags & USER_SANITIZE ? " sanitize-payload" : "");
    for (size_t i = 0; i < u->digests.len; i += SHA256_HEX)
        buffer_printf(out, " #%.*s", SHA256_HEX, u->digests.data + i);
    buffer_printf(out, "%s%s%s", flags & USER_ALL_KEYS ? " ~*" : "",
                  flags & USER_ALL_CHANNELS ? " &*" : " resetchannels",
                  flags & USER_ALL_COMMANDS ? " +@all" : " -@all");
}
