#include "more/02-keyspace/command/key_positions.h"

/* The uses of a key with these arguments. */
static unsigned use_of(const struct key_spec *spec, int argc,
                       const struct slice *argv)
{
    return spec->use & KEY_VARIABLE ? spec->use_of(argc, argv) : spec->use;
}

int command_keys(const struct command_doc *doc, int argc,
                 const struct slice *argv, struct key_place *keys)
{
    int count = 0;
    for (int s = 0; s < KEY_SPECS_MAX && doc->keys[s].step > 0; s++) {
        const struct key_spec *spec = &doc->keys[s];
        int last = spec->last + (spec->last < 0 ? argc : spec->first);
        for (int i = spec->first; i <= last && i < argc; i += spec->step) {
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
    struct key_range range = {spec->first, 0, spec->step};
    for (int s = 0; s < KEY_SPECS_MAX && doc->keys[s].step > 0; s++) {
        spec = &doc->keys[s];
        range.last = spec->last + (spec->last < 0 ? 0 : spec->first);
    }
    return range;
}
