// Stage 00 in JavaScript, with Node's own modules alone: bytes become commands, replies become bytes.
//
//     node server.js --port 6379
//
// Node calls back whenever bytes have arrived, so nothing here waits. A client keeps what has arrived in `input`, and
// a command is taken from its front once all of it is there. The strings are latin1: one character is one byte.
'use strict';

const net = require('node:net');
const { parseArgs } = require('node:util');

const LINE_MAX = 64 * 1024; // of an inline command, or of a length
const INLINE_MAX = LINE_MAX + 16 * 1024; // of one that arrived with its end
const BULK_MAX = 512 * 1024 * 1024;
const COUNT_MAX = 2 ** 31 - 1;
const PREVIEW = 128; // bytes of a command that an error repeats
const VERSION = '7.0.15';

// --- Replies ---

const line = (text) => `${text.replace(/[\r\n]/g, ' ')}\r\n`;
const simple = (text) => `+${line(text)}`;
const error = (text) => `-${line(text)}`;
const integer = (number) => `:${number}\r\n`;
const bulk = (value) => `$${value.length}\r\n${value}\r\n`;
const array = (items) => `*${items.length}\r\n${items.join('')}`;

// A map of names to replies; a flat array for those who speak RESP2.
function map(protocol, pairs) {
  const items = Object.entries(pairs).flatMap(([name, reply]) => [bulk(name), reply]);
  return protocol === 3 ? `%${items.length / 2}\r\n${items.join('')}` : array(items);
}

// --- Reading ---

// What was sent is no command, and where the next one begins nobody can know.
class ProtocolError extends Error {}

// A number of 64 bits in its one spelling: no +, no leading zero, no blank.
function parseNumber(text) {
  if (!/^(-?[1-9][0-9]{0,18}|0)$/.test(text)) return undefined;
  const number = BigInt(text);
  return BigInt.asIntN(64, number) === number ? Number(number) : undefined;
}

// A word of an inline command: bytes as they stand, and then perhaps a quoted piece, which ends the word. Blanks are
// those of ASCII: \s would take the byte a0, too.
const WORD = /([^ \t\r\n"']*)(?:"((?:\\[^]|[^"\\])*)"|'((?:\\'|\\(?!')|[^'\\])*)')?(?:[ \t-\r]+|$)/y;
const MEANINGS = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' };

function decodeEscapes(text) {
  return text.replace(/\\(x[0-9a-fA-F]{2}|[^])/g, (_, escape) =>
    escape.length === 3 ? String.fromCharCode(parseInt(escape.slice(1), 16)) : (MEANINGS[escape] ?? escape),
  );
}

function splitWords(text) {
  const words = [];
  const rest = text.replace(/^[ \t-\r]+/, '');
  WORD.lastIndex = 0;
  while (WORD.lastIndex < rest.length) {
    const match = WORD.exec(rest);
    if (!match) throw new ProtocolError('unbalanced quotes in request');
    const [, plain, double = '', single = ''] = match;
    words.push(plain + decodeEscapes(double) + single.replaceAll("\\'", "'"));
  }
  return words;
}

// Takes a command from the front of `input`: its arguments (none for an empty command) and where it ends. Undefined
// while a part of it is missing.
function readCommand(input) {
  if (input === '') return undefined;
  return input[0] === '*' ? readArray(input) : readInline(input);
}

function readInline(input) {
  const end = input.indexOf('\n');
  if (end > INLINE_MAX || (end < 0 && input.length > LINE_MAX)) {
    throw new ProtocolError('too big inline request');
  }
  if (end < 0) return undefined;
  return { args: splitWords(input.slice(0, end).replace(/\r$/, '')), end: end + 1 };
}

// The line at `from`, without its first byte: up to \r, behind which one byte more is skipped.
function readHeader(input, from, tooLong) {
  const end = input.indexOf('\r', from);
  if (end < 0 && input.length - from > LINE_MAX) throw new ProtocolError(tooLong);
  if (end < 0 || end + 2 > input.length) return undefined;
  return { type: input[from], number: parseNumber(input.slice(from + 1, end)), end: end + 2 };
}

function readArray(input) {
  const header = readHeader(input, 0, 'too big mbulk count string');
  if (!header) return undefined;
  if (header.number === undefined || header.number > COUNT_MAX) {
    throw new ProtocolError('invalid multibulk length');
  }
  const args = [];
  let at = header.end;
  while (args.length < header.number) {
    const bulkHeader = readHeader(input, at, 'too big bulk count string');
    if (!bulkHeader) return undefined;
    const { type, number: length, end } = bulkHeader;
    if (type !== '$') throw new ProtocolError(`expected '$', got '${type}'`);
    if (length === undefined || length < 0 || length > BULK_MAX) {
      throw new ProtocolError('invalid bulk length');
    }
    if (input.length < end + length + 2) return undefined;
    args.push(input.slice(end, end + length));
    at = end + length + 2;
  }
  return { args, end: at };
}

// --- Commands ---

const wrongArity = (name) => error(`ERR wrong number of arguments for '${name}' command`);

// Clients match this text. Like a string of C, a name or an argument ends at a zero byte.
function unknown(args) {
  const [name, ...rest] = args.map((arg) => arg.split('\0')[0]);
  let preview = '';
  for (const arg of rest) {
    if (preview.length >= PREVIEW) break;
    preview += `'${arg.slice(0, PREVIEW - preview.length)}' `;
  }
  return error(`ERR unknown command '${name.slice(0, PREVIEW)}', with args beginning with: ${preview}`);
}

function ping(client, args) {
  if (args.length > 2) return wrongArity('ping');
  return args.length === 2 ? bulk(args[1]) : simple('PONG');
}

const echo = (client, args) => bulk(args[1]);

function quit(client) {
  client.leaving = true;
  return simple('OK');
}

function reset(client) {
  client.protocol = 2;
  client.name = '';
  return simple('RESET');
}

// HELLO [version [SETNAME name]]
function hello(client, args) {
  const version = args.length > 1 ? parseNumber(args[1]) : client.protocol;
  if (version === undefined) return error('ERR Protocol version is not an integer or out of range');
  if (version !== 2 && version !== 3) return error('NOPROTO unsupported protocol version');
  let name = client.name;
  for (let i = 2; i < args.length; i += 2) {
    if (args[i].toLowerCase() !== 'setname' || i + 1 === args.length) {
      return error(`ERR Syntax error in HELLO option '${args[i]}'`);
    }
    name = args[i + 1];
    if (!/^[!-~]*$/.test(name)) {
      return error('ERR Client names cannot contain spaces, newlines or special characters.');
    }
  }
  client.protocol = version;
  client.name = name;
  return map(version, {
    server: bulk('redis'),
    version: bulk(VERSION),
    proto: integer(version),
    id: integer(client.id),
    mode: bulk('standalone'),
    role: bulk('master'),
    modules: array([]),
  });
}

// A negative arity is the least number of words.
const COMMANDS = new Map([
  ['ping', { arity: -1, run: ping }],
  ['echo', { arity: 2, run: echo }],
  ['quit', { arity: -1, run: quit }],
  ['reset', { arity: 1, run: reset }],
  ['hello', { arity: -1, run: hello }],
]);

function execute(client, args) {
  const name = args[0].toLowerCase();
  const command = COMMANDS.get(name);
  if (!command) return unknown(args);
  const { arity, run } = command;
  const fits = arity > 0 ? args.length === arity : args.length >= -arity;
  return fits ? run(client, args) : wrongArity(name);
}

// --- Connections ---

let lastId = 0;

function serve(socket) {
  const client = { id: ++lastId, protocol: 2, name: '', input: '', leaving: false };
  socket.setEncoding('latin1');
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    if (client.leaving) return;
    client.input += data;
    const replies = executeAll(client);
    if (client.leaving) socket.end(replies, 'latin1');
    else if (replies) socket.write(replies, 'latin1');
  });
}

// Lines of HTTP, which a web page can make a browser send here.
const isBrowser = (args) => args.length > 0 && ['post', 'host:'].includes(args[0].toLowerCase());

// Ends a conversation without another word.
function leave(client) {
  client.leaving = true;
  return '';
}

// Executes what is complete. The replies, in the order of the commands.
function executeAll(client) {
  let replies = '';
  let done = 0;
  try {
    for (let command; !client.leaving && (command = readCommand(client.input.slice(done))); done += command.end) {
      if (isBrowser(command.args)) return leave(client);
      if (command.args.length > 0) replies += execute(client, command.args);
    }
  } catch (problem) {
    if (!(problem instanceof ProtocolError)) throw problem;
    replies += error(`ERR Protocol error: ${problem.message}`);
    client.leaving = true;
  }
  client.input = client.input.slice(done);
  return replies;
}

const { values } = parseArgs({ options: { port: { type: 'string', default: '6379' } } });
net.createServer(serve).listen(Number(values.port), '127.0.0.1', () => console.log('Ready to accept connections'));
