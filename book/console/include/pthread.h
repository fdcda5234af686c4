/* pthread: a page has one thread. pthread_create fails, so what would be
 * locked is never shared; the stages then do the second thread's work
 * themselves. */
#ifndef CONSOLE_PTHREAD_H
#define CONSOLE_PTHREAD_H

#include <errno.h>
#include <stddef.h>
#include <sys/types.h>

#define PTHREAD_MUTEX_INITIALIZER \
    {                             \
        {                         \
            {                     \
                0                 \
            }                     \
        }                         \
    }
#define PTHREAD_COND_INITIALIZER \
    {                            \
        {                        \
            {                    \
                0                \
            }                    \
        }                        \
    }

#define pthread_create(thread, attributes, start, argument) \
    ((void)(thread), (void)(start), (void)(argument), EAGAIN)
#define pthread_atfork(before, parent, child) \
    ((void)(before), (void)(parent), (void)(child), ENOSYS)
#define pthread_mutex_lock(mutex) ((void)(mutex), 0)
#define pthread_mutex_unlock(mutex) ((void)(mutex), 0)
#define pthread_cond_wait(cond, mutex) ((void)(cond), (void)(mutex), 0)
#define pthread_cond_signal(cond) ((void)(cond), 0)

#endif
