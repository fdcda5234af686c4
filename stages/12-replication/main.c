/* A server that keeps keys and values of six types for its clients, until they
 * expire or have to make room for others, lets them wait for each other,
 * executes several commands as one, keeps its data in a snapshot and a log,
 * and sends both to others, which follow it.
 *
 *   server [redis.conf] [--port 6379] [--databases 16] ... */
#include "command/databases.h"
#include "command/dispatch.h"
#include "command/expire.h"
#include "command/families.h"
#include "command/notify.h"
#include "command/pubsub.h"
#include "command/transaction.h"
#include "command/waiting.h"
#include "command/watch.h"
#include "common/config.h"
#include "common/process.h"
#include "cron.h"
#include "more.h"
#include "net/server.h"
#include "net/settings.h"
#include "persist/aof.h"
#include "persist/snapshot.h"
#include "repl/replication.h"
#include "store/keyspace.h"
#include "store/settings.h"

/* Registers what the server is made of, then starts it. The configuration is
 * complete before the server listens, and the pid file is written after that:
 * it says that the server can be reached. */
int main(int argc, char **argv)
{
    commands_add(connection_commands);
    commands_add(string_commands);
    commands_add(list_commands);
    commands_add(hash_commands);
    commands_add(set_commands);
    commands_add(zset_commands);
    commands_add(zset_range_commands);
    commands_add(stream_commands);
    commands_add(stream_read_commands);
    commands_add(group_commands);
    commands_add(blocking_commands);
    commands_add(pubsub_commands);
    commands_add(transaction_commands);
    commands_add(watch_commands);
    commands_add(key_commands);
    commands_add(expire_commands);
    commands_add(database_commands);
    commands_add(config_commands);
    commands_add(snapshot_commands);
    commands_add(aof_commands);
    commands_add(replication_commands);
    config_add(process_config);
    config_add(net_config);
    config_add(cron_config);
    config_add(store_config);
    config_add(notify_config);
    config_add(snapshot_config);
    config_add(aof_config);
    config_add(replication_config);
    client_on_create(session_begin);
    keyspace_on_removed(propagate_removal);
    waiting_open();
    pubsub_open();
    notify_open();
    watch_open();
    transaction_open();
    snapshot_open();
    replication_open();
    more_open();
    config_load(argc, argv);
    process_begin();
    if (!server_open())
        return 1;
    keyspace_open((int)store_settings.databases);
    if (!aof_start() || !snapshot_start())
        return 1;
    replication_start();
    process_write_pid();
    cron_start();
    server_run(dispatch);
    aof_close();
    replication_close();
    keyspace_close();
    process_remove_pid();
    return 0;
}
