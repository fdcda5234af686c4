#include "persist/aof_sync.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_work = PTHREAD_COND_INITIALIZER;
static atomic_int work_fd = -1; /* fsync is called for it; -1: for none */
static atomic_int last_error;

static void sync_and_close(int fd)
{
    last_error = fsync(fd) == 0 ? 0 : errno;
    close(fd);
}

/* The thread. It holds the mutex only while it looks for work. */
static void *work(void *unused)
{
    (void)unused;
    for (;;) {
        pthread_mutex_lock(&mutex);
        while (work_fd < 0)
            pthread_cond_wait(&has_work, &mutex);
        pthread_mutex_unlock(&mutex);
        sync_and_close(work_fd);
        work_fd = -1;
    }
    return NULL;
}

/* If the thread is busy, or there can be none, this thread has to wait. */
void sync_later(int fd)
{
    static bool is_started;
    pthread_t thread;
    if (!is_started)
        is_started = pthread_create(&thread, NULL, work, NULL) == 0;
    if (!is_started || work_fd >= 0) {
        sync_and_close(fd);
        return;
    }
    pthread_mutex_lock(&mutex);
    work_fd = fd;
    pthread_cond_signal(&has_work);
    pthread_mutex_unlock(&mutex);
}

bool sync_is_busy(void)
{
    return work_fd >= 0;
}

int sync_error(void)
{
    return last_error;
}
