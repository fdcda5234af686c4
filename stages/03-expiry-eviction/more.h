/* more: where the rest of Redis is built in. */
#ifndef MORE_H
#define MORE_H

/* Adds commands, parameters and observers that complete the server and are not
 * needed to understand it. Call it before the configuration is read. */
void more_open(void);

#endif
