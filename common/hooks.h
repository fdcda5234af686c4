/* hooks: functions that want to be called when something happens.
 *
 * A list belongs to the file that calls it: a client was freed, a command has
 * run. The functions of one list have one type. They are kept as `hook_fn`, and
 * are cast back when they are called, which C allows (C11, 6.3.2.3). */
#ifndef COMMON_HOOKS_H
#define COMMON_HOOKS_H

enum { HOOKS_MAX = 16 };

typedef void hook_fn(void);

struct hooks {
    hook_fn *fn[HOOKS_MAX];
    int count;
};

/* Adds a function behind those that are there. Aborts when the list is full:
 * it is filled at the start, by the program itself. */
void hooks_add(struct hooks *hooks, hook_fn *fn);

/* Calls each function of the list, all of which have this type. */
#define hooks_call(hooks, type, ...)                \
    do {                                            \
        for (int i_ = 0; i_ < (hooks)->count; i_++) \
            ((type *)(hooks)->fn[i_])(__VA_ARGS__); \
    } while (0)

#endif
