#include "more/02-keyspace/store/digest.h"

#include <stdio.h>

#include "common/hooks.h"
#include "store/keyspace.h"
#include "store/string.h"

/* Mixes in a string's bytes, in whatever encoding they are. */
static void mix_string(const struct entry *e, struct digest *d)
{
    char scratch[INT64_TEXT_MAX];
    digest_mix(d, string_value(e, scratch));
}

static digest_fn *types[TYPE_COUNT] = {[TYPE_STRING] = mix_string};
static struct hooks extensions;

void type_digest_set(enum type type, digest_fn *fn)
{
    types[type] = fn;
}

void digest_extend(digest_fn *fn)
{
    hooks_add(&extensions, (hook_fn *)fn);
}

/* Exclusive or forgets the order: for what has none. */
void digest_add(struct digest *d, struct slice bytes)
{
    uint8_t hash[SHA1_BYTES];
    sha1(bytes.ptr, bytes.len, hash);
    for (int i = 0; i < SHA1_BYTES; i++)
        d->bytes[i] ^= hash[i];
}

/* Hashing the digest so far makes the order count. */
void digest_mix(struct digest *d, struct slice bytes)
{
    digest_add(d, bytes);
    sha1(d->bytes, sizeof d->bytes, d->bytes);
}

/* The type as a big-endian number of four bytes, then the value. */
static void mix_value(struct digest *d, const struct entry *e)
{
    const char type[] = {0, 0, 0, (char)e->type};
    digest_mix(d, (struct slice){type, sizeof type});
    types[e->type](e, d);
    hooks_call(&extensions, digest_fn, e, d);
}

struct digest digest_entry(const struct entry *e)
{
    struct digest d = {{0}};
    mix_value(&d, e);
    return d;
}

/* Key and value in this order; keys among each other in none. An expired key
 * counts until it is removed. */
static void add_entry(void *context, struct dict_node *node)
{
    const struct entry *e = (const struct entry *)node;
    struct digest one = {{0}};
    digest_mix(&one, entry_key(e));
    mix_value(&one, e);
    digest_add(context, (struct slice){(char *)one.bytes, sizeof one.bytes});
}

struct digest digest_keyspace(void)
{
    struct digest all = {{0}};
    for (int i = 0; i < db_count(); i++) {
        struct db *db = db_at(i);
        if (db_size(db) == 0)
            continue;
        const char id[] = {0, 0, (char)(i >> 8), (char)i};
        digest_mix(&all, (struct slice){id, sizeof id});
        dict_each(&db->keys, add_entry, &all);
    }
    return all;
}

void digest_hex(const struct digest *d, char out[2 * SHA1_BYTES + 1])
{
    for (int i = 0; i < SHA1_BYTES; i++)
        snprintf(out + i * 2, 3, "%02x", d->bytes[i]);
}
