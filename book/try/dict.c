/* dict: the hash table by itself, without keys and values of a server.
 *
 *   dict 40        inserts 40 nodes, then removes them, and says when the number
 *                  of buckets changes
 *   dict scan      walks through 8 buckets, which become 16 on the way
 *
 * Chapter 02 builds it with store/dict.c of a stage. */
#include <stdio.h>
#include <stdlib.h>

#include "common/zmalloc.h"
#include "store/dict.h"

struct node {
    struct dict_node link; /* first: a dict_node is its node */
    char name[16];
};

static struct slice node_key(const struct dict_node *node)
{
    return slice_of(((const struct node *)node)->name);
}

static void node_free(struct dict_node *node)
{
    zfree(node);
}

static const struct dict_type type = {.key = node_key, .free = node_free};

/* As SET does: it looks first, and inserts what is not there. */
static void add(struct dict *d, int n)
{
    struct node *node = zmalloc(sizeof *node);
    snprintf(node->name, sizeof node->name, "key:%d", n);
    struct slice key = slice_of(node->name);
    dict_find_link(d, key, dict_hash(key));
    dict_insert(d, &node->link, dict_hash(key));
}

static void remove_one(struct dict *d, int n)
{
    char name[16];
    snprintf(name, sizeof name, "key:%d", n);
    zfree(dict_remove(d, slice_of(name)));
}

/* Says when the table or its successor is not what it was at the last call. */
static void watch(const struct dict *d, const char *what, int n)
{
    static size_t now, next;
    if (d->size[0] == now && d->size[1] == next)
        return;
    now = d->size[0];
    next = d->size[1];
    printf("%s %2d: %zu buckets", what, n, now);
    printf(next > 0 ? ", to become %zu\n" : "\n", next);
}

static void breathe(struct dict *d, int count)
{
    for (int n = 1; n <= count; n++) {
        add(d, n);
        watch(d, "insert", n);
    }
    for (int n = 1; n <= count; n++) {
        remove_one(d, n);
        watch(d, "remove", n);
    }
}

static void visit(void *context, struct dict_node *node)
{
    (void)node;
    ++*(int *)context;
}

static void print_bits(uint64_t number, size_t size)
{
    for (size_t bit = size / 2; bit > 0; bit /= 2)
        putchar(number & bit ? '1' : '0');
}

static void finish_resize(struct dict *d)
{
    while (dict_rehash(d, 8))
        ;
}

/* A ninth node makes sixteen buckets of eight. */
static void scan(struct dict *d)
{
    uint64_t cursor = 0;
    int visited = 0, steps = 0;
    for (int n = 1; n <= 8; n++)
        add(d, n);
    finish_resize(d);
    do {
        print_bits(cursor, d->size[0]);
        printf("  bucket %2d of %zu\n", (int)cursor, d->size[0]);
        cursor = dict_scan(d, cursor, visit, &visited);
        if (++steps == 3) {
            add(d, 9);
            remove_one(d, 9);
            finish_resize(d);
        }
    } while (cursor);
    printf("%zu nodes, %d visits\n", dict_count(d), visited);
}

int main(int argc, char **argv)
{
    struct dict d;
    dict_init(&d, &type);
    if (argc > 1 && argv[1][0] == 's')
        scan(&d);
    else
        breathe(&d, argc > 1 ? atoi(argv[1]) : 40);
    dict_free(&d);
    return 0;
}
