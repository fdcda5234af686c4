/* report: what INFO tells about keys that the server removes. */
#ifndef MORE_COMMAND_REPORT_H
#define MORE_COMMAND_REPORT_H

void report_open(void);

#endif
