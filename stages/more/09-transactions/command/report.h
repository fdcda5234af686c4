/* report: what CLIENT LIST tells of transactions. */
#ifndef MORE_TRANSACTIONS_COMMAND_REPORT_H
#define MORE_TRANSACTIONS_COMMAND_REPORT_H

/* Sets the fields and letters. */
void transaction_report_open(void);

#endif
