// What both programs share: they print a line for each reply, so that two servers can be compared.
//
//     node node_redis.js PORT PROTOCOL strings lists ...
//
// A part begins with "== name". What it throws is printed and ends that part alone.
'use strict';

const assert = require('node:assert');

// A value as JSON: bytes in hexadecimal, a Map as an object, numbers beyond JSON's as text.
function plain(value) {
  if (Buffer.isBuffer(value)) return { bytes: value.toString('hex') };
  if (value instanceof Error) return { error: value.message };
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (value instanceof Set) return plain([...value]);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'bigint' || value === undefined) return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}

function show(name, value) {
  console.log(`${name}: ${JSON.stringify(plain(value))}`);
}

// Shows the error that a promise ends with.
async function showError(name, promise) {
  try {
    show(name, await promise);
  } catch (error) {
    show(name, error);
  }
}

async function collect(iterator) {
  const found = [];
  for await (const page of iterator) found.push(...page);
  return found;
}

// Waits until an emitter says so.
const once = (emitter, event) => new Promise((resolve) => emitter.once(event, resolve));

// Runs the parts that the command line names. `connect` makes a client, `close` ends one, `flush` empties the server.
async function runParts({ parts, connect, close, flush }) {
  const [port, protocol, ...names] = process.argv.slice(2);
  const unknown = names.filter((name) => !Object.hasOwn(parts, name));
  assert.deepStrictEqual(unknown, [], 'no such part');
  const open = (options) => connect(Number(port), Number(protocol), options);
  for (const name of names) {
    console.log(`== ${name}`);
    const client = await open();
    try {
      await flush(client);
      await parts[name](client, open);
    } catch (error) {
      console.log(`threw: ${error.stack}`);
    }
    await close(client);
  }
  console.log('== done');
  process.exit(0);
}

module.exports = { collect, once, runParts, show, showError };
