/* errors: texts that many commands answer. Clients match them. */
#ifndef COMMAND_ERRORS_H
#define COMMAND_ERRORS_H

#define ERR_SYNTAX "ERR syntax error"
#define ERR_NOT_INTEGER "ERR value is not an integer or out of range"
#define ERR_NOT_FLOAT "ERR value is not a valid float"
#define ERR_OUT_OF_RANGE "ERR value is out of range"
#define ERR_NO_SUCH_KEY "ERR no such key"
#define ERR_SAME_OBJECT "ERR source and destination objects are the same"
#define ERR_INDEX_OUT_OF_RANGE "ERR index out of range"
#define ERR_WRONG_TYPE \
    "WRONGTYPE Operation against a key holding the wrong kind of value"

#endif
