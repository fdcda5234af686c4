// A server as programs use it through node-redis: its defaults, and what its documentation shows first.
'use strict';

const { createClient, RESP_TYPES } = require('redis');
const { collect, once, runParts, show, showError } = require('./parts');

async function connect(port, protocol, options = {}) {
  const defaults = protocol === 3 ? {} : { RESP: 2 };
  const client = createClient({ socket: { port }, ...defaults, ...options });
  client.on('error', () => {}); // a lost connection; the client makes another
  await client.connect();
  return client;
}

// Waits until another client waits for a key.
async function waitForBlocked(client) {
  while (!/blocked_clients:1/.test(await client.info('clients')));
}

// Asks again as long as the server loads its log.
async function whenLoaded(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!error.message.startsWith('LOADING')) throw error;
    }
  }
}

const parts = {
  async strings(client) {
    show('PING', await client.ping());
    show('SET', await client.set('name', 'Ada'));
    show('GET', await client.get('name'));
    show('GET of nothing', await client.get('nothing'));
    show('SET NX', await client.set('name', 'Bob', { condition: 'NX' }));
    show('SET GET', await client.set('name', 'Zoë ✓', { GET: true }));
    show('MSET', await client.mSet({ a: '1', b: '2' }));
    show('MGET', await client.mGet(['a', 'nothing', 'b']));
    show('INCR', await client.incr('a'));
    show('INCRBYFLOAT', await client.incrByFloat('a', 0.1));
    show('APPEND', await client.append('b', '3456'));
    show('GETRANGE', await client.getRange('b', -3, -1));
    show('TYPE', await client.type('b'));
    show('LCS', await client.lcs('name', 'b'));
    show('COPY', await client.copy('b', 'c'));
    show('DEL', await client.del(['a', 'b', 'nothing']));
    show('EXISTS', await client.exists(['a', 'c']));
    const bytes = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    await bytes.set('bytes', Buffer.from([0, 255, 13, 10, 128]));
    show('bytes', await bytes.get('bytes'));
  },

  async bigValues(client) {
    const value = 'x'.repeat(8 * 1024 * 1024);
    await client.set('big', value);
    show('same', (await client.get('big')) === value);
    show('STRLEN', await client.strLen('big'));
    const values = Array.from({ length: 20000 }, (_, i) => `value:${i}`);
    show('RPUSH of many', await client.rPush('list', values));
    show('LRANGE of many', (await client.lRange('list', 0, -1)).join() === values.join());
  },

  async expiry(client) {
    show('SETEX', await client.setEx('a', 100, 'x'));
    show('TTL', await client.ttl('a'));
    show('EXPIRE GT', await client.expire('a', 50, 'GT'));
    show('EXPIREAT', await client.expireAt('a', 4102444800));
    show('EXPIRETIME', await client.expireTime('a'));
    show('GETEX', await client.getEx('a', { type: 'PERSIST' }));
    show('PTTL', await client.pTTL('a'));
    show('TTL of nothing', await client.ttl('nothing'));
    show('CONFIG GET', Object.entries(await client.configGet('maxmemory*')).sort());
  },

  async lists(client) {
    show('RPUSH', await client.rPush('l', ['a', 'b', 'c', 'd', 'b']));
    show('LPOP count', await client.lPopCount('l', 2));
    show('LRANGE', await client.lRange('l', 0, -1));
    show('LPOS', await client.lPos('l', 'b'));
    show('LINSERT', await client.lInsert('l', 'BEFORE', 'd', 'new'));
    show('LMOVE', await client.lMove('l', 'm', 'LEFT', 'RIGHT'));
    show('LMPOP', await client.lmPop(['nothing', 'l'], 'RIGHT', { COUNT: 2 }));
    show('LLEN', await client.lLen('l'));
    show('RPOP of nothing', await client.rPop('nothing'));
  },

  async hashesAndSets(client) {
    show('HSET', await client.hSet('h', { name: 'Ada', born: '1815', empty: '' }));
    show('HGETALL', await client.hGetAll('h'));
    show('HGETALL of nothing', await client.hGetAll('nothing'));
    show('HMGET', await client.hmGet('h', ['name', 'nothing']));
    show('HINCRBYFLOAT', await client.hIncrByFloat('h', 'born', 0.5));
    show('HRANDFIELD', await client.hRandFieldCountWithValues('h', 3));
    show('HVALS', await client.hVals('h'));
    show('SADD', await client.sAdd('s', ['1', '2', '3']));
    show('SMEMBERS', await client.sMembers('s'));
    show('SMISMEMBER', await client.smIsMember('s', ['1', '9']));
    await client.sAdd('t', ['2', '3', '4']);
    show('SINTER', (await client.sInter(['s', 't'])).sort());
    show('SINTERCARD', await client.sInterCard(['s', 't']));
    show('SUNIONSTORE', await client.sUnionStore('u', ['s', 't']));
    show('SPOP', (await client.sPopCount('u', 9)).sort());
    show('OBJECT ENCODING', await client.objectEncoding('s'));
  },

  async sortedSets(client) {
    const members = [{ score: 1, value: 'a' }, { score: 2.5, value: 'b' }, { score: Infinity, value: 'c' }];
    show('ZADD', await client.zAdd('z', members));
    show('ZADD again', await client.zAdd('z', [{ score: 4, value: 'a' }], { condition: 'XX', comparison: 'GT', CH: true }));
    show('ZSCORE', await client.zScore('z', 'c'));
    show('ZMSCORE', await client.zmScore('z', ['b', 'nothing']));
    show('ZRANGE', await client.zRange('z', 0, -1));
    show('ZRANGE WITHSCORES', await client.zRangeWithScores('z', 0, -1, { REV: true }));
    show('ZINCRBY', await client.zIncrBy('z', 0.25, 'b'));
    show('ZRANK', await client.zRank('z', 'b'));
    await client.zAdd('y', [{ score: 10, value: 'b' }]);
    show('ZUNION', await client.zUnionWithScores(['z', 'y']));
    show('ZPOPMIN', await client.zPopMin('z'));
    show('ZMPOP', await client.zmPop(['nothing', 'z'], 'MAX', { COUNT: 5 }));
    await client.geoAdd('geo', [
      { longitude: 13.361389, latitude: 38.115556, member: 'Palermo' },
      { longitude: 15.087269, latitude: 37.502669, member: 'Catania' },
    ]);
    show('GEODIST', await client.geoDist('geo', 'Palermo', 'Catania', 'km'));
    show('GEOPOS', await client.geoPos('geo', ['Palermo', 'nothing']));
    const around = [{ longitude: 15, latitude: 37 }, { radius: 200, unit: 'km' }];
    show('GEOSEARCH', await client.geoSearchWith('geo', ...around, ['WITHDIST', 'WITHCOORD'], { SORT: 'ASC' }));
  },

  async streams(client) {
    show('XADD', await client.xAdd('s', '1-1', { sensor: 'a', value: '20' }));
    for (const id of ['2-1', '3-1', '4-1']) await client.xAdd('s', id, { n: id });
    show('XRANGE', await client.xRange('s', '-', '+', { COUNT: 2 }));
    show('XREAD', await client.xRead({ key: 's', id: '3-1' }));
    show('XREAD of nothing new', await client.xRead({ key: 's', id: '4-1' }));
    show('XGROUP CREATE', await client.xGroupCreate('s', 'g', '0'));
    show('XREADGROUP', await client.xReadGroup('g', 'ann', { key: 's', id: '>' }, { COUNT: 3 }));
    show('XACK', await client.xAck('s', 'g', ['1-1', '9-9']));
    show('XPENDING', await client.xPending('s', 'g'));
    show('XAUTOCLAIM', await client.xAutoClaim('s', 'g', 'bob', 0, '0'));
    show('XREADGROUP of the past', await client.xReadGroup('g', 'bob', { key: 's', id: '0' }));
    show('XINFO GROUPS', await client.xInfoGroups('s'));
    show('XTRIM', await client.xTrim('s', 'MAXLEN', 1));
    show('XLEN', await client.xLen('s'));
    await showError('XADD of an old ID', client.xAdd('s', '1-1', { a: 'b' }));
  },

  async blocking(client, open) {
    const other = await open();
    const popped = client.blPop(['nothing', 'q'], 10);
    await other.rPush('q', 'job');
    show('BLPOP', await popped);
    show('BLPOP in vain', await client.blPop('q', 0.05));
    const smallest = client.bzPopMin('z', 10);
    await other.zAdd('z', [{ score: 1.5, value: 'm' }]);
    show('BZPOPMIN', await smallest);
    const read = client.xRead({ key: 's', id: '$' }, { BLOCK: 10000 });
    await waitForBlocked(other);
    await other.xAdd('s', '5-5', { a: 'b' });
    show('XREAD BLOCK', await read);
    const moved = client.blMove('q', 'r', 'LEFT', 'RIGHT', 10);
    await other.rPush('q', 'next');
    show('BLMOVE', await moved);
    await other.close();
  },

  async pubSub(client, open) {
    const subscriber = await open();
    const messages = [];
    await subscriber.subscribe('news', (message, channel) => messages.push([channel, message]));
    await subscriber.pSubscribe('n*', (message, channel) => messages.push(['n*', channel, message]));
    show('PUBLISH', await client.publish('news', 'hello'));
    show('PUBSUB CHANNELS', await client.pubSubChannels());
    show('PUBSUB NUMSUB', await client.pubSubNumSub(['news', 'nothing']));
    await subscriber.unsubscribe('news');
    show('PUBLISH again', await client.publish('news', 'bye'));
    show('PING of the subscriber', await subscriber.ping());
    await subscriber.sSubscribe('shard', (message, channel) => messages.push([channel, message]));
    show('SPUBLISH', await client.sPublish('shard', 'x'));
    await subscriber.ping();
    show('messages', messages);
    await subscriber.close();
  },

  async transactions(client, open) {
    show('EXEC', await client.multi().set('a', '1').incr('a').hSet('h', 'f', 'v').hGetAll('h').exec());
    await client.watch('a');
    const other = await open();
    await other.set('a', '7');
    await showError('EXEC after a change', client.multi().set('a', '8').exec());
    show('GET', await client.get('a'));
    await client.watch('a');
    show('EXEC without a change', await client.multi().decr('a').exec());
    await showError('EXEC with an error', client.multi().lPush('a', 'x').set('b', '1').exec());
    await showError('EXEC of what is unknown', client.multi().addCommand(['NOSUCH']).exec());
    await client.watch('a');
    show('UNWATCH', await client.unwatch());
    await other.close();
  },

  async pipelines(client) {
    const replies = await Promise.all(Array.from({ length: 5000 }, (_, i) => client.set(`k:${i}`, `${i}`)));
    show('SET of many', replies.every((reply) => reply === 'OK'));
    const numbers = await client.mGet(Array.from({ length: 5000 }, (_, i) => `k:${i}`));
    show('MGET of many', numbers.every((number, i) => number === `${i}`));
    show('a pipeline', await client.multi().ping().echo('x').get('k:7').execAsPipeline());
  },

  async scans(client) {
    const names = Array.from({ length: 3000 }, (_, i) => `k:${i}`);
    await client.mSet(names.flatMap((name) => [name, 'v']));
    const found = new Set(await collect(client.scanIterator({ MATCH: 'k:*', COUNT: 100 })));
    show('SCAN', found.size);
    show('SCAN MATCH', (await collect(client.scanIterator({ MATCH: 'k:299?' }))).sort());
    show('SCAN TYPE', await collect(client.scanIterator({ TYPE: 'list' })));
    await client.sAdd('s', names);
    show('SSCAN', new Set(await collect(client.sScanIterator('s'))).size);
    await client.hSet('h', { a: '1', b: '2' });
    show('HSCAN', await collect(client.hScanIterator('h')));
    await client.zAdd('z', [{ score: 1.5, value: 'a' }]);
    show('ZSCAN', await collect(client.zScanIterator('z')));
    show('KEYS', (await client.keys('?')).sort());
  },

  async errors(client) {
    await showError('unknown command', client.sendCommand(['NOSUCH', 'a', 'b']));
    await showError('too few arguments', client.sendCommand(['GET']));
    await client.set('text', 'abc');
    await showError('no number', client.incr('text'));
    await showError('another type', client.sAdd('text', 'x'));
    await showError('syntax', client.sendCommand(['SET', 'a', 'b', 'WHAT']));
    await showError('no such key', client.rename('nothing', 'a'));
    await showError('no such subcommand', client.sendCommand(['OBJECT', 'WHAT']));
    show('afterwards', await client.ping());
  },

  async connections(client, open) {
    const named = await open({ name: 'ann', database: 3 });
    show('CLIENT GETNAME', await named.clientGetName());
    await named.set('where', 'three');
    show('GET in database 0', await client.get('where'));
    show('GET in database 3', await named.get('where'));
    show('DBSIZE', await named.dbSize());
    const id = await named.clientId();
    const lost = once(named, 'error');
    show('CLIENT KILL', await client.clientKill({ filter: 'ID', id }));
    await lost;
    show('GET after a reconnection', await named.get('where'));
    show('the same name', await named.clientGetName());
    show('another id', (await named.clientId()) !== id);
    await named.close();
  },

  async dumps(client) {
    await client.zAdd('z', [{ score: 1.5, value: 'a' }]);
    const bytes = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    show('RESTORE', await client.restore('copy', 0, await bytes.dump('z')));
    show('ZRANGE', await client.zRangeWithScores('copy', 0, -1));
    await showError('RESTORE on a key', client.restore('copy', 0, await bytes.dump('z')));
    await showError('RESTORE of a damaged value', client.restore('other', 0, 'what is this'));
    show('BGSAVE', await client.bgSave());
  },

  async replication(client) {
    show('ROLE', await client.role());
    show('WAIT', (await client.set('a', '1')) && (await client.wait(0, 10)));
    await showError('REPLICAOF of no port', client.replicaOf('127.0.0.1', 'x'));
  },

  // Prints "up", and goes on when the server was ended and started again.
  async restart(client) {
    await client.set('kept', 'yes');
    const lost = once(client, 'error');
    console.log('up');
    await lost;
    show('GET after a restart', await whenLoaded(() => client.get('kept')));
  },
};

runParts({ parts, connect, close: (client) => client.close(), flush: (client) => client.flushAll() });
