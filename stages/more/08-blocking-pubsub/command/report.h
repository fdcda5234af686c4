/* report: what CLIENT LIST and INFO tell of clients that wait or are
 * subscribed. */
#ifndef MORE_BLOCKING_PUBSUB_COMMAND_REPORT_H
#define MORE_BLOCKING_PUBSUB_COMMAND_REPORT_H

void waiting_report_open(void);

#endif
