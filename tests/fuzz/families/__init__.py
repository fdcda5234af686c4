"""The families of commands, one module each, oldest stage first.

To add one: write a module with a FAMILY, and a line here.
"""

from fuzz.families import (blocking, client, configuration, connection, expiry, geo,
                           hashes, introspection, keyspace, lists, logs, pubsub,
                           replication, sets, snapshots, sorted_sets, sorting, streams, strings, transactions, users)

FAMILIES = (
    connection.FAMILY,
    client.FAMILY,
    strings.FAMILY,
    keyspace.FAMILY,
    introspection.FAMILY,
    configuration.FAMILY,
    users.FAMILY,
    expiry.FAMILY,
    lists.FAMILY,
    hashes.FAMILY,
    sets.FAMILY,
    sorted_sets.FAMILY,
    geo.FAMILY,
    sorting.FAMILY,
    streams.FAMILY,
    blocking.FAMILY,
    pubsub.FAMILY,
    transactions.FAMILY,
    snapshots.FAMILY,
    logs.FAMILY,
    replication.FAMILY,
)
