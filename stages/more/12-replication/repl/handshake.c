/* handshake: what a replica tells its primary besides: who it is, and where it
 * is to be reached.
 *
 *   -> AUTH [user] password
 *   -> REPLCONF ip-address <address> */
#include "common/buffer.h"
#include "common/config.h"
#include "more/12-replication/repl/families.h"
#include "persist/aof_log.h"
#include "repl/link.h"

static struct {
    char *user, *password; /* "": none */
    char *ip; /* "": that of the socket */
} settings;

static const struct config_row handshake_config[] = {
    {CONFIG_VALUE(TEXT, "masteruser", settings.user, ""),
     .flags = CONFIG_SECRET},
    {CONFIG_VALUE(TEXT, "masterauth", settings.password, ""),
     .flags = CONFIG_SECRET},
    {CONFIG_VALUE(TEXT, "replica-announce-ip", settings.ip, ""),
     .alias = "slave-announce-ip"},
    {CONFIG_NUMBER(INTEGER, "replica-announce-port", link_up.announced_port,
                   "0", 0, 65535),
     .alias = "slave-announce-port"},
    {.name = NULL},
};

/* While a failover is underway the handshake waits for a reply more than will
 * come, because another PSYNC is to be sent than the lesson's. */
static int introduce(struct buffer *out)
{
    bool has_password = *settings.password, has_ip = *settings.ip;
    struct slice login[3] = {SLICE("AUTH")};
    const struct slice address[] = {SLICE("REPLCONF"), SLICE("ip-address"),
                                    slice_of(settings.ip)};
    int words = 1;
    if (*settings.user)
        login[words++] = slice_of(settings.user);
    login[words++] = slice_of(settings.password);
    if (has_password)
        append_command(out, words, login);
    if (has_ip)
        append_command(out, 3, address);
    return has_password + has_ip + failover_is_underway();
}

void handshake_open(void)
{
    config_add(handshake_config);
    link_introduce = introduce;
}
