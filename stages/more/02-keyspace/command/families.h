/* families: names the tables of rows and docs of this folder. */
#ifndef MORE_COMMAND_FAMILIES_H
#define MORE_COMMAND_FAMILIES_H

#include "command/command.h"
#include "more/01-event-loop/command/docs.h"

extern const struct command more_string_commands[];
extern const struct command more_lcs_commands[];
extern const struct command more_key_commands[];
extern const struct command more_unlink_commands[]; /* unless a lesson has it */
extern const struct command more_database_commands[];
extern const struct command more_server_commands[];
extern const struct command more_monitor_commands[];
extern const struct command more_acl_commands[];
extern const struct command more_info_commands[];

/* Adds the rows and the parameter of config.c. */
void config_commands_open(void);

/* Of all of them, and of the commands of the lessons. */
extern const struct command_doc more_keyspace_docs[];

#endif
