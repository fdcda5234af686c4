/* errors: texts that many commands answer. Clients match them. */
#ifndef COMMAND_ERRORS_H
#define COMMAND_ERRORS_H

#define ERR_SYNTAX "ERR syntax error"
#define ERR_NOT_INTEGER "ERR value is not an integer or out of range"
#define ERR_OUT_OF_RANGE "ERR value is out of range"

#endif
