/* browser: closes connections over which a browser sends HTTP. */
#ifndef MORE_COMMAND_BROWSER_H
#define MORE_COMMAND_BROWSER_H

#include <stdbool.h>

struct client;

/* Closes the connection without a reply and returns false if the command looks
 * like a line of HTTP. */
bool check_browser(struct client *c);

#endif
