/* One round is a turn: what was prepared, wait, what is ready, what is due. A
 * function that stops the loop ends the turn, too. */
void event_loop_run(void)
{
    static struct event_ready ready[TURN_MAX_EVENTS];
    running = true;
    while (running) {
        for (int i = 0; i < turn_functions.count; i++)
            turn_functions.fn[i]();
        int count = backend_wait(-1, ready, TURN_MAX_EVENTS);
        clock_tick();
        for (int i = 0; i < count && running; i++) {
            /* A function called before may have ended or replaced the watch of
             * a descriptor that this turn has found ready, too. */
            struct watcher w = watchers[ready[i].fd];
            int events = ready[i].events & w.events;
            if (events)
                w.fn(w.owner, events);
        }
    }
}
