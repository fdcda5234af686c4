struct skip_level {
    struct skip_node *next; /* NULL: no more at this level */
};

/* The way to a place: for each level the last node before it. Valid until the
 * list changes. */
struct skip_path {
    struct skip_node *nodes[SKIP_HEIGHT_MAX];
};
