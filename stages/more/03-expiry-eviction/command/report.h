/* report: adds INFO's fields about expiry and eviction. */
#ifndef MORE_COMMAND_REPORT_H
#define MORE_COMMAND_REPORT_H

/* Registers the fields and begins to count. */
void report_open(void);

#endif
