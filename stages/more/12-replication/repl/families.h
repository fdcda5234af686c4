/* families: what the files of this folder add. */
#ifndef MORE_REPL_FAMILIES_H
#define MORE_REPL_FAMILIES_H

/* Adds what CONFIG REWRITE writes of the primary. */
void replication_parameters_open(void);

#endif
