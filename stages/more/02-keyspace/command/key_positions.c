#include "more/02-keyspace/command/key_positions.h"

#include "common/numbers.h"

/* The uses of a key with these arguments. */
static unsigned use_of(const struct key_spec *spec, int argc,
                       const struct slice *argv)
{
    return spec->use & KEY_VARIABLE ? spec->use_of(argc, argv) : spec->use;
}

/* The index of the first key: argc where the word before it is missing. */
static int first_key(const struct key_spec *spec, int argc,
                     const struct slice *argv)
{
    int i = spec->first;
    while (spec->keyword && i < argc && !slice_is(argv[i], spec->keyword))
        i++;
    return i + (spec->keyword || spec->is_counted);
}

/* The index of the last key. Where their number is an argument and none, or is
 * larger than the arguments are, there are no keys, as for the real server. */
static int last_key(const struct key_spec *spec, int argc,
                    const struct slice *argv)
{
    int64_t count;
    if (spec->keyword) {
        int first = first_key(spec, argc, argv);
        return first + (argc - first) / 2 - 1;
    }
    if (!spec->is_counted)
        return spec->last + (spec->last < 0 ? argc : spec->first);
    if (spec->first >= argc || !parse_int64(argv[spec->first], &count) ||
        count < 1 || count >= argc - spec->first)
        return 0;
    return spec->first + (int)count;
}

int command_keys(const struct command_doc *doc, int argc,
                 const struct slice *argv, struct key_place *keys)
{
    int count = 0;
    for (int s = 0; s < KEY_SPECS_MAX && doc->keys[s].step > 0; s++) {
        const struct key_spec *spec = &doc->keys[s];
        if (spec->use & KEY_NOT_KEY)
            continue;
        int first = first_key(spec, argc, argv);
        int last = last_key(spec, argc, argv);
        for (int i = first; i <= last && i < argc; i += spec->step) {
            if (keys)
                keys[count] = (struct key_place){i, use_of(spec, argc, argv)};
            count++;
        }
    }
    return count;
}

struct key_range command_key_range(const struct command_doc *doc)
{
    const struct key_spec *spec = doc->keys;
    if (spec->is_counted || spec->keyword)
        return (struct key_range){0, 0, 0};
    struct key_range range = {spec->first, 0, spec->step};
    for (int s = 0; s < KEY_SPECS_MAX && doc->keys[s].step > 0; s++) {
        spec = &doc->keys[s];
        range.last = spec->last + (spec->last < 0 ? 0 : spec->first);
    }
    return range;
}
