/* more: where a build adds the rest of Redis to the lesson. */
#ifndef MORE_H
#define MORE_H

/* Registers commands, parameters and observers that complete the server and are
 * not needed to understand it. Call it before the configuration is read. */
void more_open(void);

#endif
