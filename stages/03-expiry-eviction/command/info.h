#ifndef COMMAND_INFO_H
#define COMMAND_INFO_H

/* Notes what a server without data and clients needs, and begins to measure
 * what it does. Call it last before clients are served. */
void info_open(void);

#endif
