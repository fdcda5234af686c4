/* more: registers what each folder here adds to the server. A stage calls the
 * functions up to its own number, in their order. */
#ifndef MORE_MORE_H
#define MORE_MORE_H

void more_resp(void);
void more_event_loop(void);
void more_keyspace(void);
void more_expiry_eviction(void);
void more_lists(void);
void more_hashes_sets(void);
void more_sorted_sets(void);
void more_streams(void);
void more_blocking_pubsub(void);
void more_transactions(void);
void more_rdb(void);
void more_aof(void);
void more_replication(void);

#endif
