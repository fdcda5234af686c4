/* The interface of stage.js and annotate.js, as README.md describes it: `make console-test` runs these with Node.js, whose timers
 * and microtasks are those of a page. What a stage replies is the harness's to test. */
"use strict";

const assert = require("node:assert");
const path = require("node:path");
const { test } = require("node:test");

globalThis.crypto ??= require("node:crypto").webcrypto;
for (const name of ["disk", "system", "stage", "annotate"]) require(`./${name}.js`);
const { start, annotate, Disk, Network } = globalThis.pageConsole;
const BUILT = process.env.CONSOLE_BUILD ?? path.resolve(__dirname, "../../build/console");
const LAST = "12";

/* Resolves when the condition holds. */
async function until(condition, ms = 20000) {
    for (const end = Date.now() + ms; !condition(); ) {
        assert.ok(Date.now() < end, `never: ${condition}`);
        await new Promise(resolve => setTimeout(resolve, 5));
    }
}

async function run(context, options = {}) {
    require(path.join(BUILT, `${LAST}.js`));
    const stage = await start(LAST, options);
    context.after(() => stage.signal("SIGKILL"));
    return stage;
}

/* A connection that keeps what it receives. */
function client(stage) {
    const connection = stage.connect();
    connection.text = "";
    connection.onbytes = bytes => (connection.text += new TextDecoder().decode(bytes));
    connection.ask = async (command, reply) => {
        connection.text = "";
        connection.send(`${command}\r\n`);
        await until(() => connection.text.length >= reply.length);
        assert.strictEqual(connection.text, reply);
    };
    return connection;
}

test("a reply arrives after the caller is done", async context => {
    const connection = client(await run(context));
    connection.send("PING\r\n");
    assert.strictEqual(connection.text, "");
    await until(() => connection.text === "+PONG\r\n");
});

test("take returns what has arrived", async context => {
    const connection = (await run(context)).connect();
    connection.send("PING\r\n");
    await new Promise(resolve => setTimeout(resolve, 50));
    assert.strictEqual(new TextDecoder().decode(connection.take()), "+PONG\r\n");
    assert.strictEqual(connection.take().length, 0);
});

test("to take all of one reply leaves those behind it", async context => {
    const connection = (await run(context)).connect();
    for (const word of ["first", "second", "third"]) {
        connection.send(`ECHO ${word}\r\n`);
        await new Promise(resolve => setTimeout(resolve, 50));
    }
    const text = most => new TextDecoder().decode(connection.take(most));
    assert.strictEqual(text(11), "$5\r\nfirst\r\n");
    assert.strictEqual(text(12), "$6\r\nsecond\r\n");
    assert.strictEqual(text(), "$5\r\nthird\r\n");
});

test("the clock moves forward, and what is due happens", async context => {
    const stage = await run(context);
    const alice = client(stage);
    const bob = client(stage);
    await alice.ask("SET a 1 EX 100", "+OK\r\n");
    bob.send("BLPOP q 50\r\n");
    await alice.ask("TTL a", ":100\r\n");
    stage.clock.advance(60000);
    await until(() => bob.text === "*-1\r\n");
    await alice.ask("TTL a", ":40\r\n");
    stage.clock.advance(60000);
    await alice.ask("GET a", "$-1\r\n");
});

test("one client waits for another", async context => {
    const stage = await run(context);
    const alice = client(stage);
    const bob = client(stage);
    alice.send("BLPOP q 0\r\n");
    await bob.ask("RPUSH q x", ":1\r\n");
    await until(() => alice.text === "*2\r\n$1\r\nq\r\n$1\r\nx\r\n");
});

test("QUIT closes, and so does the page", async context => {
    const stage = await run(context);
    const alice = client(stage);
    let closed = 0;
    alice.onclose = () => closed++;
    await alice.ask("QUIT", "+OK\r\n");
    await until(() => closed === 1);
    const bob = client(stage);
    const carol = client(stage);
    bob.close();
    carol.send("CLIENT LIST\r\n");
    await until(() => carol.text.includes(`:${carol.port} `));
    assert.ok(!carol.text.includes(`:${bob.port} `));
});

test("SIGTERM ends it, and a disk outlives it", async context => {
    const disk = new Disk();
    const first = await run(context, { disk });
    await client(first).ask("SET a 1", "+OK\r\n");
    await client(first).ask("SAVE", "+OK\r\n");
    first.signal("SIGTERM");
    await until(() => first.ended);
    assert.deepStrictEqual(first.ended, { code: 0, signal: 0 });
    assert.throws(() => first.connect());
    assert.deepStrictEqual(disk.list("/data"), ["/data/dump.rdb"]);
    assert.strictEqual(new TextDecoder().decode(disk.read("/data/dump.rdb").slice(0, 5)), "REDIS");
    await client(await run(context, { disk })).ask("GET a", "$1\r\n1\r\n");
});

test("a child saves while the parent serves", async context => {
    const stage = await run(context);
    const connection = client(stage);
    await connection.ask("SET a 1", "+OK\r\n");
    await connection.ask("BGSAVE", "+Background saving started\r\n");
    await connection.ask("SET a 2", "+OK\r\n");
    await until(() => stage.processes.size === 1 && stage.disk.find("/data/dump.rdb"));
    await until(() => stage.log.some(line => new TextDecoder().decode(line).includes("terminated with success")));
});

test("a server that refuses to start says why", async context => {
    const stage = await run(context, { args: ["--port", "none"] });
    assert.strictEqual(stage.ended.code, 1);
    assert.ok(stage.log.length > 0);
});

test("a replica follows its primary, also after the link was cut", async context => {
    const network = new Network();
    const sent = [];
    network.onbytes = (bytes, ports) => sent.push({ text: new TextDecoder().decode(bytes), ...ports });
    const primary = await run(context, { network });
    const replica = await run(context, { network, args: ["--port", "6380", "--replicaof", "127.0.0.1 6379"] });
    const writer = client(primary);
    const reader = client(replica);
    await writer.ask("SET a 1", "+OK\r\n");
    const reads = async value => {
        await until(() => {
            reader.send("GET a\r\n");
            return reader.text.endsWith(`$1\r\n${value}\r\n`);
        });
    };
    await reads(1);
    assert.ok(sent.some(({ text, to }) => to === 6379 && text.includes("PSYNC")));
    assert.ok(sent.some(({ text, from }) => from === 6379 && text.includes("FULLRESYNC")));
    network.cut();
    await writer.ask("SET a 2", "+OK\r\n");
    await reads(1);
    network.mend();
    await reads(2);
    assert.ok(sent.some(({ text }) => text.includes("CONTINUE")));
});

/* The parts of a file follow each other without a gap, from its first byte to its last. */
function parts(bytes) {
    const found = annotate(bytes);
    let at = 0;
    for (const part of found) {
        assert.strictEqual(part.at, at);
        assert.ok(part.bytes.length > 0);
        at += part.bytes.length;
    }
    assert.strictEqual(at, bytes.length);
    return found.map(({ says }) => says);
}

const ALL_TYPES = [
    "SET text hello", "SET number 70000 PX 100000000", "SET long $(x*100)", "RPUSH list a 300 -5 70000 123456789012 8388607 b",
    "SADD numbers 1 2 -70000", "SADD words a b", "HSET hash f v g -3", "ZADD scores 1 a 2.5 b", "XADD stream 1-1 f v", "XADD stream 2-1 f w",
    "XGROUP CREATE stream group 0", "XREADGROUP GROUP group me COUNT 1 STREAMS stream >", "CONFIG SET set-max-intset-entries 0",
    "CONFIG SET hash-max-listpack-entries 0 zset-max-listpack-entries 0 list-max-listpack-size 1", "HSET table a 1", "ZADD skiplist -inf a",
    "SADD spread 1", "RPUSH nodes one two", "SELECT 3", "SET elsewhere 1", "SAVE",
].map(text => text.replace("$(x*100)", "x".repeat(100)));

test("each byte of a snapshot is told", async context => {
    const stage = await run(context);
    const connection = client(stage);
    for (const text of ALL_TYPES) connection.send(`${text}\r\n`);
    await until(() => stage.disk.find("/data/dump.rdb"));
    const bytes = stage.disk.read("/data/dump.rdb").slice();
    const said = parts(bytes);
    for (const expected of [
        "in version 10 of the format", 'key: "text"', 'value: "hello"', "value: 70000", "value, compressed", "a listpack: 39 bytes, 7 elements",
        '"a"', "300", "-5", "70000", "123456789012", "8388607", "an intset: 3 numbers of 4 bytes", "-70000", 'member: "a"', "its score: -Infinity",
        "the ID of its first entry: 1-1", "pending: 1-1", 'a group: "group"', 'a consumer: "me"', "its number: 3",
        "a checksum of all that is before it (CRC-64)",
    ]) assert.ok(said.includes(expected), `${expected}\nis not in\n${said.join("\n")}`);
    assert.strictEqual(said.at(-1), "a checksum of all that is before it (CRC-64)");
    for (let length = 0; length < bytes.length; length++) parts(bytes.slice(0, length));
    for (let at = 9; at < bytes.length; at++) {
        const broken = bytes.slice();
        broken[at] ^= 0xff;
        parts(broken);
    }
});

test("a log is told by its commands", async context => {
    const stage = await run(context, { args: ["--appendonly", "yes"] });
    const connection = client(stage);
    await connection.ask("SET a 'b c'", "+OK\r\n");
    await connection.ask("INCR n", ":1\r\n");
    const directory = "/data/appendonlydir/";
    const names = stage.disk.list("/data").map(name => name.replace(directory, ""));
    assert.deepStrictEqual(names, ["appendonly.aof.1.base.rdb", "appendonly.aof.1.incr.aof", "appendonly.aof.manifest"]);
    const log = stage.disk.read(`${directory}appendonly.aof.1.incr.aof`).slice();
    assert.deepStrictEqual(parts(log), ["SELECT 0", 'SET a "b c"', "INCR n"]);
    for (let length = 0; length < log.length; length++) parts(log.slice(0, length));
    assert.strictEqual(parts(log.slice(0, -1)).at(-1), "the last command is not complete");
    assert.strictEqual(parts(stage.disk.read(`${directory}appendonly.aof.1.base.rdb`)).at(-1), "a checksum of all that is before it (CRC-64)");
    assert.deepStrictEqual(parts(stage.disk.read(`${directory}appendonly.aof.manifest`)), ["", ""]);
});
