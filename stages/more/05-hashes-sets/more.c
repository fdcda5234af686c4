/* more_hashes_sets: registers the rest of the commands for hashes and sets,
 * what other parts of the rest do with these types, and what frees in steps. */
#include "more/more.h"

#include "more/02-keyspace/command/look_ahead.h"
#include "more/02-keyspace/store/bytes.h"
#include "more/02-keyspace/store/copy.h"
#include "more/02-keyspace/store/digest.h"
#include "more/05-hashes-sets/command/families.h"
#include "more/05-hashes-sets/command/lazyfree.h"
#include "more/05-hashes-sets/store/prefetch_fields.h"
#include "more/05-hashes-sets/store/value.h"

void more_hashes_sets(void)
{
    commands_add(more_hash_commands);
    commands_add(more_set_commands);
    docs_add(more_hash_set_docs);
    type_bytes_set(TYPE_HASH, collection_bytes);
    type_bytes_set(TYPE_SET, collection_bytes);
    type_copy_set(TYPE_HASH, hash_copy);
    type_copy_set(TYPE_SET, set_copy);
    type_digest_set(TYPE_HASH, hash_digest);
    type_digest_set(TYPE_SET, set_digest);
    look_ahead_extend(prefetch_fields);
    lazyfree_open();
}
