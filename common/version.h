/* version: which Redis this server answers like. Clients ask for it in HELLO
 * and INFO, and switch features on by it. */
#ifndef COMMON_VERSION_H
#define COMMON_VERSION_H

#define REDIS_VERSION "7.0.15"

#endif
