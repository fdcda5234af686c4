#include "more/02-keyspace/command/key_positions.h"

#include "common/numbers.h"

/* The uses of a key with these arguments. */
static unsigned use_of(const struct key_spec *spec, int argc,
                       const struct slice *argv)
{
    return spec->use & KEY_VARIABLE ? spec->use_of(argc, argv) : spec->use;
}

/* The index of the first key; that of their number if it is an argument. 0 if
 * there is no such key. A word that is the last argument is none. */
static int first_key(const struct key_spec *spec, int argc,
                     const struct slice *argv)
{
    if (spec->is_unknown)
        return spec->find ? spec->find(argc, argv) : 0;
    if (!spec->keyword)
        return spec->first;
    for (int i = spec->first; i < argc - 1; i++) {
        if (slice_is(argv[i], spec->keyword))
            return i + 1;
    }
    return 0;
}

/* The index of the last key; 0 if their number is an argument and none, or
 * larger than the arguments are. */
static int last_key(const struct key_spec *spec, int first, int argc,
                    const struct slice *argv)
{
    int64_t count;
    if (spec->limit > 0)
        return first + (argc - first) / spec->limit - 1;
    if (!spec->is_counted)
        return spec->last + (spec->last < 0 ? argc : first);
    if (first >= argc || !parse_int64(argv[first], &count) || count < 1 ||
        count >= argc - first)
        return 0;
    return first + (int)count;
}

/* A wrong number of keys makes those that stand elsewhere none, too, as for the
 * real server. */
int command_keys(const struct command_doc *doc, int argc,
                 const struct slice *argv, struct key_place *keys)
{
    int count = 0;
    for (int s = 0; s < KEY_SPECS_MAX && doc->keys[s].step > 0; s++) {
        const struct key_spec *spec = &doc->keys[s];
        if (spec->use & KEY_NOT_KEY)
            continue;
        int first = first_key(spec, argc, argv);
        int last = first > 0 ? last_key(spec, first, argc, argv) : -1;
        if (last == 0 && spec->is_counted)
            return 0;
        for (int i = first + spec->is_counted; i <= last && i < argc;
             i += spec->step) {
            if (keys)
                keys[count] = (struct key_place){i, use_of(spec, argc, argv)};
            count++;
        }
    }
    return count;
}

/* Whether the keys are where the row says, whatever the arguments are. */
static bool is_fixed(const struct key_spec *spec)
{
    return !spec->is_counted && !spec->is_unknown && !spec->keyword;
}

struct key_range command_key_range(const struct command_doc *doc)
{
    const struct key_spec *spec = doc->keys;
    if (!is_fixed(spec))
        return (struct key_range){0, 0, 0};
    struct key_range range = {spec->first, 0, spec->step};
    for (int s = 0; s < KEY_SPECS_MAX && doc->keys[s].step > 0; s++) {
        spec = &doc->keys[s];
        if (is_fixed(spec))
            range.last = spec->last + (spec->last < 0 ? 0 : spec->first);
    }
    return range;
}
