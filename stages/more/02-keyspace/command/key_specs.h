/* key_specs: describes how keys are found and used, and how commands are
 * routed. */
#ifndef MORE_COMMAND_KEY_SPECS_H
#define MORE_COMMAND_KEY_SPECS_H

#include "common/choice.h"
#include "more/01-event-loop/command/docs.h"

struct client;

/* Replies with the names of those flags that are set, as a set. */
void reply_names_of(struct client *c, const struct choice *names,
                    unsigned flags);

/* Replies with the set of words for uses of a key (enum key_use). */
void reply_key_use(struct client *c, unsigned use);

/* Replies with the command's tips, as a set. */
void reply_tips(struct client *c, const struct command_doc *doc);

/* Replies with the command's key specifications, as a set. */
void reply_key_specs(struct client *c, const struct command_doc *doc);

#endif
