/* embedded: creates short strings that stay text though they spell an integer.
 *
 * string_create would make an integer of them. So the entry is created with as
 * many spaces as the text has bytes, which the text then overwrites. */
#include "more/02-keyspace/store/embedded.h"

#include <assert.h>
#include <string.h>

#include "store/string.h"

struct entry *string_create_embedded(struct slice key, struct slice text)
{
    char spaces[EMBEDDED_MAX];
    assert(text.len <= sizeof spaces);
    memset(spaces, ' ', sizeof spaces);
    struct entry *e = string_create(key, (struct slice){spaces, text.len});
    bool fits = entry_replace_embedded(e, text);
    assert(fits); /* the same length needs the same allocation */
    (void)fits;
    return e;
}
