/* bridge: a stage's module behind a TCP port, so that any client can talk to
 * it, and `make test SERVER=` play the harness against it.
 *
 *     node book/console/bridge.js 03 6379
 *     node book/console/bridge.js 03 redis.conf --port 6379 --save ""
 *
 * What follows the stage is what the server is started with; a number alone is
 * its port. Listens on every port that the server listens on, and passes bytes
 * on in both directions. The directory it is started in is copied into the
 * memory's file system, and every change back out of it; where that holds too
 * much for a copy, the server's files stay in memory. */
"use strict";

const fs = require("node:fs");
const net = require("node:net");
const path = require("node:path");

globalThis.crypto ??= require("node:crypto").webcrypto; /* Node.js 18 */

for (const name of ["disk", "system", "stage"]) require(`./${name}.js`);
const { Disk, Directory, Stage, load } = globalThis.pageConsole;

const BUILT = process.env.CONSOLE_BUILD ?? path.resolve(__dirname, "../../build/console");
const TAKEN_AT_ONCE = 64 * 1024;
const ENTRIES_MAX = 200;
const QUEUE_LIMIT = 1 << 20; /* bytes that wait in either direction */

/* Whether a directory and those below it have few entries: it stops counting early. */
function isSmall(directory, left = { entries: ENTRIES_MAX }) {
    const folder = fs.opendirSync(directory);
    try {
        for (let entry; (entry = folder.readSync()); ) {
            if (--left.entries < 0) return false;
            if (entry.isDirectory() && !isSmall(path.join(directory, entry.name), left)) return false;
        }
        return true;
    } finally {
        folder.closeSync();
    }
}

/* Keeps a real directory equal to the one in memory. */
class Mirror {
    constructor(disk, directory) {
        this.disk = disk;
        this.directory = directory;
        this.kept = new Map(); /* path -> the node and its version that the real file has */
        disk.mkdir(directory, { parents: true });
        this.#take(directory);
        this.#walk(directory, disk.get(directory), new Set(), () => {});
    }

    /* Copies what a real directory holds into memory. */
    #take(directory) {
        for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
            const name = path.join(directory, entry.name);
            if (entry.isDirectory()) {
                this.disk.mkdir(name, { parents: true });
                this.#take(name);
            } else if (entry.isFile()) {
                this.disk.write(name, fs.readFileSync(name));
            }
        }
    }

    /* Notes every node below `at`, and calls `write` for what is new. */
    #walk(at, node, seen, write) {
        seen.add(at);
        const before = this.kept.get(at);
        if (!before || before.node !== node || before.version !== node.version) write(at, node);
        this.kept.set(at, { node, version: node.version });
        if (node instanceof Directory)
            for (const [name, child] of node.children) this.#walk(`${at}/${name}`, child, seen, write);
    }

    sync() {
        const seen = new Set();
        this.#walk(this.directory, this.disk.get(this.directory), seen, (at, node) => {
            if (node instanceof Directory) fs.mkdirSync(at, { recursive: true });
            else fs.writeFileSync(at, node.contents());
        });
        for (const at of [...this.kept.keys()].reverse())
            if (!seen.has(at)) {
                this.kept.delete(at);
                fs.rmSync(at, { recursive: true, force: true });
            }
    }
}

/* Joins a real connection and one of the stage. What the server has written to files is in the real directory
 * before the reply leaves: a client may kill it then. */
function join(socket, stage, port, mirror) {
    let client;
    try {
        client = stage.connect(port, { limit: QUEUE_LIMIT, peerPort: socket.remotePort });
    } catch {
        socket.destroy();
        return;
    }
    const queues = client.socket;
    const drain = () => {
        mirror?.sync();
        while (!socket.writableNeedDrain) {
            const bytes = client.take(TAKEN_AT_ONCE);
            if (!bytes.length) break;
            socket.write(bytes.slice());
        }
        if (queues.outgoing.ended && !queues.outgoing.size) socket.end();
        if (queues.incoming.refused) socket.resume();
    };
    client.poke = drain;
    /* A server that does not read stops the real connection, too. */
    queues.incoming.writer = { poke: () => socket.resume() };
    queues.incoming.limit = QUEUE_LIMIT;
    socket.setNoDelay(true);
    socket.on("data", bytes => {
        client.send(new Uint8Array(bytes));
        if (queues.incoming.isFull) socket.pause();
    });
    socket.on("drain", drain);
    socket.on("end", () => client.end());
    socket.on("error", () => {});
    socket.on("close", () => client.close());
}

/* Keeps a real listener for each of the stage's. */
class Ports {
    constructor(stage, mirror) {
        this.stage = stage;
        this.mirror = mirror;
        this.open = new Map();
    }

    sync() {
        const { listeners } = this.stage.network;
        for (const port of listeners.keys())
            if (!this.open.has(port)) {
                const server = net.createServer({ allowHalfOpen: true },
                    socket => join(socket, this.stage, port, this.mirror));
                this.open.set(port, server);
                server.listen(port, "127.0.0.1");
            }
        for (const [port, server] of this.open)
            if (!listeners.has(port)) {
                server.close();
                this.open.delete(port);
            }
    }
}

async function main() {
    const [name, ...words] = process.argv.slice(2);
    const args = /^[0-9]+$/.test(words[0]) ? ["--port", ...words] : words;
    require(path.join(BUILT, `${name}.js`));
    const disk = new Disk();
    const mirror = isSmall(process.cwd()) ? new Mirror(disk, process.cwd()) : null;
    const stage = new Stage(await load(name), {
        args,
        disk,
        directory: mirror ? process.cwd() : "/data",
        onlog: text => fs.writeSync(1, text),
    });
    const ports = new Ports(stage, mirror);
    stage.onpark = () => {
        mirror?.sync();
        ports.sync();
    };
    stage.onend = ({ code, signal }) => {
        mirror?.sync();
        ports.sync();
        /* Replies that are on their way still leave. */
        setTimeout(() => process.exit(signal ? 128 + signal : code), 20);
    };
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => stage.signal(signal));
    await stage.begin();
}

main();
