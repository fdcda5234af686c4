#include "more/01-event-loop/net/extension.h"

#include "common/clock.h"
#include "common/zmalloc.h"

static size_t extension_at; /* in every client */

struct client_extension *extension_of(const struct client *c)
{
    return (struct client_extension *)((char *)c + extension_at);
}

/* Called for each new client, whose extension is all zero. */
static void begin_extension(struct client *c)
{
    extension_of(c)->created_ms = clock_ticked_ms();
}

/* Called before a client is freed. */
static void free_extension(struct client *c)
{
    zfree(extension_of(c)->name);
    zfree(extension_of(c)->held);
}

void extension_open(void)
{
    extension_at = client_reserve(sizeof(struct client_extension));
    client_on_create(begin_extension);
    client_on_free(free_extension);
}

void client_set_name(struct client *c, struct slice name)
{
    struct client_extension *extension = extension_of(c);
    zfree(extension->name);
    extension->name = name.len > 0 ? slice_dup(name) : NULL;
}

static enum client_class (*class_of)(const struct client *c); /* or NULL */

void client_class_set(enum client_class (*fn)(const struct client *c))
{
    class_of = fn;
}

enum client_class client_class(const struct client *c)
{
    return class_of ? class_of(c) : CLASS_NORMAL;
}

size_t output_memory(const struct output *o, size_t *blocks)
{
    size_t bytes = 0;
    *blocks = 0;
    for (const struct output_block *b = o->head; b; b = b->next) {
        bytes += zmalloc_usable_size(b);
        ++*blocks;
    }
    return bytes;
}

/* Returns the bytes of an allocation, 0 for NULL. */
static size_t usable_size(const void *block)
{
    return block ? zmalloc_usable_size(block) : 0;
}

static size_t (*other_memory)(const struct client *c); /* or NULL */

void client_memory_extend(size_t (*fn)(const struct client *c))
{
    other_memory = fn;
}

size_t client_memory(const struct client *c)
{
    const struct client_extension *extension = extension_of(c);
    size_t blocks;
    return usable_size(c) + usable_size(extension->name) +
           usable_size(extension->held) + usable_size(c->input.data) +
           usable_size(c->reader.argv) + usable_size(c->reader.starts) +
           output_memory(&c->output, &blocks) +
           (other_memory ? other_memory(c) : 0);
}
