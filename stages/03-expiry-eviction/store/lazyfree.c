#include "store/lazyfree.h"

#include "common/zmalloc.h"
#include "store/dict.h"
#include "store/entry.h"

enum { STEP_NODES = 512 };

/* Something that is freed step by step. */
struct job {
    struct job *next;
    void *owner;
    free_step_fn *step;
    size_t objects; /* for which it counts */
};

static struct job *jobs;
static size_t pending;
static size_t freed;

void lazyfree_queue(void *owner, free_step_fn *step, size_t objects)
{
    struct job *job = zmalloc(sizeof *job);
    *job = (struct job){jobs, owner, step, objects};
    jobs = job;
    pending += objects;
}

/* One step of freeing a dict of keys, and the dict itself at the end. */
static bool free_nodes(void *owner)
{
    bool done = dict_free_step(owner, STEP_NODES);
    if (done)
        zfree(owner);
    return done;
}

void lazyfree_dict(struct dict *d)
{
    struct dict *taken = zmalloc(sizeof *taken);
    *taken = *d;
    lazyfree_queue(taken, free_nodes, dict_count(d));
}

void lazyfree_entry(struct entry *e)
{
    entry_free(e);
}

/* The job leaves the queue for the step, which may queue others. */
bool lazyfree_step(void)
{
    struct job *job = jobs;
    if (!job)
        return false;
    jobs = job->next;
    if (job->step(job->owner)) {
        pending -= job->objects;
        freed += job->objects;
        zfree(job);
    } else {
        job->next = jobs;
        jobs = job;
    }
    return jobs;
}

void lazyfree_finish(void)
{
    while (lazyfree_step())
        ;
}

size_t lazyfree_pending(void)
{
    return pending;
}

size_t lazyfree_freed(void)
{
    return freed;
}

void lazyfree_reset_stats(void)
{
    freed = 0;
}
