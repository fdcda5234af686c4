/* browser: HTTP requests that a web page makes a browser send here. */
#ifndef MORE_COMMAND_BROWSER_H
#define MORE_COMMAND_BROWSER_H

#include <stdbool.h>

struct client;

/* Closes the connection without a reply when the line looks like HTTP. */
bool check_browser(struct client *c);

#endif
