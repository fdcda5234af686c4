/* apart: what SCAN and RANDOMKEY remove on their way.
 *
 * Keys whose time is over have nothing to do with each other, and a walk may
 * meet many. They are propagated one by one, not as a unit; but those that
 * another command removes are part of what it does. */
#ifndef MORE_TRANSACTIONS_COMMAND_APART_H
#define MORE_TRANSACTIONS_COMMAND_APART_H

/* Puts rows of its own in the places of SCAN and RANDOMKEY. */
void removals_apart_open(void);

#endif
