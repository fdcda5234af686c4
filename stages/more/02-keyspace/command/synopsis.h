/* synopsis: describes a command's arguments, by which redis-cli shows hints and
 * HELP. */
#ifndef MORE_COMMAND_SYNOPSIS_H
#define MORE_COMMAND_SYNOPSIS_H

struct client;

/* Replies with the arguments of which a synopsis speaks, in the notation of
 * docs.h: an array of maps. */
void reply_synopsis(struct client *c, const char *synopsis);

#endif
