// A server as programs use it through ioredis: its defaults, and what its documentation shows first.
'use strict';

const Redis = require('ioredis');
const { once, runParts, show, showError } = require('./parts');

async function connect(port, protocol, options = {}) {
  const defaults = protocol === 3 ? {} : { protocol: 2 };
  const client = new Redis({ port, ...defaults, ...options });
  client.on('error', () => {}); // a lost connection; the client makes another
  await once(client, 'ready');
  return client;
}

// What a stream of a scan yields.
async function scanned(stream) {
  const found = [];
  for await (const page of stream) found.push(...page);
  return found;
}

const parts = {
  async strings(client) {
    show('PING', await client.ping());
    show('SET', await client.set('name', 'Ada', 'EX', 100));
    show('GET', await client.get('name'));
    show('GET of nothing', await client.get('nothing'));
    show('SET NX', await client.set('name', 'Bob', 'NX'));
    show('GETSET', await client.getset('name', 'Zoë ✓'));
    show('MSET', await client.mset({ a: 1, b: 2 }));
    show('MGET', await client.mget('a', 'nothing', 'b'));
    show('INCRBY', await client.incrby('a', 41));
    show('GETDEL', await client.getdel('b'));
    show('SETRANGE', await client.setrange('c', 3, 'x'));
    show('GETBUFFER', await client.getBuffer('c'));
    await client.set('bytes', Buffer.from([0, 255, 13, 10, 128]));
    show('bytes', await client.getBuffer('bytes'));
    show('LCS', await client.lcs('name', 'bytes', 'LEN'));
    show('RANDOMKEY', (await client.randomkey()) !== null);
    show('OBJECT ENCODING', await client.object('ENCODING', 'a'));
    show('UNLINK', await client.unlink('a', 'nothing'));
  },

  async bigValues(client) {
    const value = Buffer.alloc(8 * 1024 * 1024, 'y');
    await client.set('big', value);
    show('same', value.equals(await client.getBuffer('big')));
    const values = Array.from({ length: 20000 }, (_, i) => `value:${i}`);
    show('RPUSH of many', await client.rpush('list', ...values));
    show('LRANGE of many', (await client.lrange('list', 0, -1)).join() === values.join());
  },

  async expiry(client) {
    show('SET PX', await client.set('a', 'x', 'PX', 100000));
    show('TTL', await client.ttl('a'));
    show('PEXPIREAT', await client.pexpireat('a', 4102444800123));
    show('PEXPIRETIME', await client.pexpiretime('a'));
    show('PERSIST', await client.persist('a'));
    show('TTL', await client.ttl('a'));
    show('CONFIG GET', await client.config('GET', 'maxmemory-policy'));
  },

  async lists(client) {
    show('RPUSH', await client.rpush('l', 1, 2, 3, 4, 5));
    show('LRANGE', await client.lrange('l', 1, -2));
    show('LTRIM', await client.ltrim('l', 1, 3));
    show('LSET', await client.lset('l', 0, 'two'));
    show('LREM', await client.lrem('l', 0, 3));
    show('RPOP', await client.rpop('l', 5));
    show('EXISTS', await client.exists('l'));
  },

  async hashesAndSets(client) {
    show('HSET', await client.hset('h', { name: 'Ada', born: 1815 }));
    show('HSET of a Map', await client.hset('h', new Map([['died', 1852]])));
    show('HGETALL', await client.hgetall('h'));
    show('HGETALL of nothing', await client.hgetall('nothing'));
    show('HINCRBY', await client.hincrby('h', 'born', 1));
    show('HDEL', await client.hdel('h', 'born', 'nothing'));
    show('HRANDFIELD', await client.hrandfield('h', 5, 'WITHVALUES'));
    show('SADD', await client.sadd('s', 'a', 'b', 'c'));
    show('SMEMBERS', (await client.smembers('s')).sort());
    show('SDIFF', (await client.sdiff('s', 'nothing')).sort());
    show('SPOP', (await client.spop('s', 2)).length);
    show('SISMEMBER', await client.sismember('s', 'nothing'));
  },

  async sortedSets(client) {
    show('ZADD', await client.zadd('z', 1, 'a', 2.5, 'b', '-inf', 'c'));
    show('ZADD INCR', await client.zadd('z', 'INCR', 0.1, 'a'));
    show('ZSCORE', await client.zscore('z', 'c'));
    show('ZRANGE WITHSCORES', await client.zrange('z', 0, -1, 'WITHSCORES'));
    show('ZRANGEBYSCORE', await client.zrangebyscore('z', '(1', '+inf', 'WITHSCORES', 'LIMIT', 0, 1));
    show('ZRANGEBYLEX', await client.zadd('y', 0, 'a', 0, 'b') && (await client.zrangebylex('y', '[a', '(b')));
    show('ZINTERSTORE', await client.zinterstore('x', 2, 'z', 'y', 'WEIGHTS', 2, 1, 'AGGREGATE', 'MAX'));
    show('SORT', await client.sort('z', 'ALPHA', 'DESC'));
    show('ZPOPMAX', await client.zpopmax('z', 2));
    show('ZRANDMEMBER', (await client.zrandmember('y', 2)).sort());
    show('GEOADD', await client.geoadd('geo', 13.361389, 38.115556, 'Palermo'));
    show('GEOHASH', await client.geohash('geo', 'Palermo', 'nothing'));
    show('GEOPOS', await client.geopos('geo', 'Palermo', 'nothing'));
  },

  async streams(client) {
    show('XADD', await client.xadd('s', '1-1', 'a', 'b', 'c', 'd'));
    show('XADD NOMKSTREAM', await client.xadd('nothing', 'NOMKSTREAM', '*', 'a', 'b'));
    await client.xadd('s', '2-1', 'e', 'f');
    show('XRANGE', await client.xrange('s', '-', '+'));
    show('XREAD', await client.xread('COUNT', 1, 'STREAMS', 's', 't', 0, 0));
    show('XGROUP CREATE', await client.xgroup('CREATE', 's', 'g', 0));
    show('XREADGROUP', await client.xreadgroup('GROUP', 'g', 'ann', 'COUNT', 9, 'STREAMS', 's', '>'));
    show('XREADGROUP of nothing new', await client.xreadgroup('GROUP', 'g', 'ann', 'STREAMS', 's', '>'));
    show('XPENDING', await client.xpending('s', 'g'));
    show('XCLAIM', await client.xclaim('s', 'g', 'bob', 0, '2-1'));
    show('XACK', await client.xack('s', 'g', '1-1'));
    show('XDEL', await client.xdel('s', '1-1'));
    show('XINFO STREAM', await client.xinfo('STREAM', 's'));
  },

  async blocking(client, open) {
    const other = await open();
    const popped = client.brpop('nothing', 'q', 10);
    await other.rpush('q', 'job');
    show('BRPOP', await popped);
    show('BRPOP in vain', await client.brpop('q', 0.05));
    const most = client.bzpopmax('z', 10);
    await other.zadd('z', 2, 'm');
    show('BZPOPMAX', await most);
    await client.xgroup('CREATE', 's', 'g', '$', 'MKSTREAM');
    const read = client.xreadgroup('GROUP', 'g', 'ann', 'BLOCK', 10000, 'STREAMS', 's', '>');
    await other.xadd('s', '5-5', 'a', 'b');
    show('XREADGROUP BLOCK', await read);
    const popping = client.blmpop(10, 2, 'p', 'q', 'LEFT', 'COUNT', 3);
    await other.rpush('q', 'x', 'y');
    show('BLMPOP', await popping);
    await other.quit();
  },

  async pubSub(client, open) {
    const subscriber = await open();
    const messages = [];
    subscriber.on('message', (channel, message) => messages.push([channel, message]));
    subscriber.on('pmessage', (pattern, channel, message) => messages.push([pattern, channel, message]));
    show('SUBSCRIBE', await subscriber.subscribe('news', 'sport'));
    show('PSUBSCRIBE', await subscriber.psubscribe('n?ws'));
    show('PUBLISH', await client.publish('news', 'hello'));
    show('PUBSUB NUMPAT', await client.pubsub('NUMPAT'));
    show('UNSUBSCRIBE', await subscriber.unsubscribe('news'));
    show('PUBLISH again', await client.publish('news', 'bye'));
    show('PUNSUBSCRIBE', await subscriber.punsubscribe('n?ws'));
    show('messages', messages);
    await subscriber.quit();
  },

  async transactions(client, open) {
    show('EXEC', await client.multi().set('a', 1).incr('a').lpush('a', 'x').get('a').exec());
    const other = await open();
    await client.watch('a');
    await other.incr('a');
    show('EXEC after a change', await client.multi().set('a', 'lost').exec());
    show('GET', await client.get('a'));
    await showError('EXEC with a refused command', client.multi().call('GET').set('b', 1).exec());
    await client.multi({ pipeline: false });
    show('queued', await client.set('c', 1));
    show('EXEC step by step', await client.exec());
    await client.multi({ pipeline: false });
    show('DISCARD', await client.discard());
    await other.quit();
  },

  async pipelines(client) {
    const pipeline = client.pipeline();
    for (let i = 0; i < 5000; i++) pipeline.set(`k:${i}`, i);
    const replies = await pipeline.exec();
    show('SET of many', replies.every(([error, reply]) => error === null && reply === 'OK'));
    show('errors among others', await client.pipeline().get('k:7').hget('k:7', 'f').dbsize().exec());
  },

  async scans(client) {
    const names = Array.from({ length: 3000 }, (_, i) => `k:${i}`);
    await client.mset(...names.flatMap((name) => [name, 'v']));
    show('SCAN', new Set(await scanned(client.scanStream({ match: 'k:*', count: 50 }))).size);
    await client.hset('h', { a: 1, b: 2 });
    show('HSCAN', await scanned(client.hscanStream('h')));
    await client.zadd('z', 1.5, 'a');
    show('ZSCAN', await scanned(client.zscanStream('z')));
    await client.sadd('s', ...names);
    show('SSCAN', new Set(await scanned(client.sscanStream('s'))).size);
  },

  async errors(client) {
    await showError('unknown command', client.call('NOSUCH', 'a', 'b'));
    await showError('too many arguments', client.call('GET', 'a', 'b'));
    await client.set('text', 'abc');
    await showError('no number', client.incrby('text', 5));
    await showError('another type', client.lpush('text', 'x'));
    await showError('out of range', client.lset('nothing', 0, 'x'));
    await showError('no such section of CONFIG', client.config('WHAT'));
    await showError('no password is set', client.auth('secret'));
    show('afterwards', await client.ping('hello'));
  },

  async connections(client, open) {
    const named = await open({ connectionName: 'ann', db: 3, keyPrefix: 'p:' });
    show('CLIENT GETNAME', await named.client('GETNAME'));
    await named.set('where', 'three');
    show('GET in database 0', await client.get('p:where'));
    const id = await named.client('ID');
    const ready = once(named, 'ready');
    show('CLIENT KILL', await client.client('KILL', 'ID', id));
    await ready;
    show('GET after a reconnection', await named.get('where'));
    show('the same name', await named.client('GETNAME'));
    await named.quit();
  },

  async dumps(client) {
    await client.rpush('l', 'a', 1, 'b');
    show('RESTORE', await client.restore('copy', 0, await client.dumpBuffer('l')));
    show('LRANGE', await client.lrange('copy', 0, -1));
    await showError('RESTORE on a key', client.restore('copy', 0, await client.dumpBuffer('l')));
    await showError('RESTORE of a damaged value', client.restore('other', 0, 'what is this'));
    show('BGSAVE', await client.bgsave());
  },

  async replication(client) {
    show('ROLE', await client.role());
    show('WAIT', (await client.set('a', 1)) && (await client.wait(0, 10)));
    await showError('REPLICAOF of no port', client.replicaof('127.0.0.1', 'x'));
  },

  // Prints "up", and goes on when the server was ended and started again.
  async restart(client) {
    await client.set('kept', 'yes');
    const ready = once(client, 'ready');
    console.log('up');
    await ready;
    show('GET after a restart', await client.get('kept'));
  },
};

runParts({ parts, connect, close: (client) => client.quit(), flush: (client) => client.flushall() });
