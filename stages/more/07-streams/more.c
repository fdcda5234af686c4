/* more_streams: registers the rest of the commands for streams, and what other
 * parts of the rest do with this type. */
#include "more/more.h"

#include "more/02-keyspace/store/bytes.h"
#include "more/02-keyspace/store/copy.h"
#include "more/02-keyspace/store/digest.h"
#include "more/07-streams/command/families.h"
#include "more/07-streams/store/stream_value.h"

void more_streams(void)
{
    commands_add(more_stream_commands);
    commands_add(more_claim_commands);
    commands_add(more_pending_commands);
    commands_add(more_stream_info_commands);
    docs_add(more_stream_docs);
    type_bytes_set(TYPE_STREAM, stream_bytes);
    type_copy_set(TYPE_STREAM, stream_copy);
    type_digest_set(TYPE_STREAM, stream_digest);
}
