/* errors: texts that several commands reply with.
 *
 * Client libraries compare the first word, the error's code, and some users the
 * whole text, so both are exactly those of Redis. */
#ifndef COMMAND_ERRORS_H
#define COMMAND_ERRORS_H

#define ERR_SYNTAX "ERR syntax error"
#define ERR_NOT_INTEGER "ERR value is not an integer or out of range"
#define ERR_NOT_FLOAT "ERR value is not a valid float"
#define ERR_WRONG_TYPE \
    "WRONGTYPE Operation against a key holding the wrong kind of value"

#endif
