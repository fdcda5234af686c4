/* errors: holds error texts of several commands. */
#ifndef MORE_COMMAND_ERRORS_H
#define MORE_COMMAND_ERRORS_H

#define ERR_NOT_FLOAT "ERR value is not a valid float"
#define ERR_NO_SUCH_KEY "ERR no such key"
#define ERR_SAME_OBJECT "ERR source and destination objects are the same"

#endif
