/* memory: what keys cost. */
#include <stdint.h>

#include "command/args.h"
#include "command/errors.h"
#include "command/families.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/type.h"

enum { SAMPLES_DEFAULT = 5 };

/* Takes [SAMPLES count]. Answers anything else. */
static bool parse_samples(struct client *c, int64_t *samples)
{
    *samples = SAMPLES_DEFAULT;
    for (int i = 3; i < c->argc; i += 2) {
        if (i + 1 == c->argc || !slice_is(c->argv[i], "samples")) {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
        if (!arg_integer(c, c->argv[i + 1], samples, NULL) ||
            !arg_range(c, c->argv[i + 1], 0, INT64_MAX, samples, ERR_SYNTAX))
            return false;
    }
    return true;
}

/* MEMORY USAGE key [SAMPLES count]: the key, its value, and its place in the
 * table. Of many elements some are looked at, and the rest is taken to be
 * alike. */
static void memory_usage_command(struct client *c)
{
    int64_t samples;
    if (!parse_samples(c, &samples))
        return;
    const struct entry *e = lookup_peek(c->db, c->argv[2]);
    if (!e) {
        reply_null(c);
        return;
    }
    size_t bytes = entry_bytes(e) + sizeof(struct dict_node *) +
                   type_rows[e->type].bytes(e, (size_t)samples);
    reply_integer(c, (int64_t)bytes);
}

/* clang-format off */
#define SUBCOMMAND_KEY {2, 2, 1}
/* clang-format on */

const struct command memory_commands[] = {
    {"memory", -2, 0, NO_KEYS, NULL, "What keys cost."},
    {"memory|usage", -3, CMD_READONLY, SUBCOMMAND_KEY, memory_usage_command,
     "Answers how many bytes a key takes with its value."},
    {"memory|help", 2, CMD_LOADING | CMD_STALE, NO_KEYS, reply_help,
     "Prints this help."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
