/* more: what each folder here adds to the server when it is built in. A stage
 * calls those up to its own number, in their order. */
#ifndef MORE_MORE_H
#define MORE_MORE_H

void more_resp(void);
void more_event_loop(void);
void more_keyspace(void);
void more_expiry_eviction(void);

#endif
