/* rdb_writer: what snapshots consist of. */
#ifndef PERSIST_RDB_WRITER_H
#define PERSIST_RDB_WRITER_H

/* In which order the bytes of a number stand. */
enum rdb_order { LOW_FIRST, HIGH_FIRST };

#endif
