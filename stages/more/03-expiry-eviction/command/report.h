/* report: adds INFO's fields about expiry and eviction. */
#ifndef MORE_COMMAND_REPORT_H
#define MORE_COMMAND_REPORT_H

/* Registers the fields and begins to count. */
void report_open(void);

/* Must be called when the expire cycle begins: its time is counted from then to
 * its reports. What it does after the last one, less than a slice, is not. */
void report_cycle_begins(void);

#endif
