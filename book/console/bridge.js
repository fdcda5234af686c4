/* bridge: a stage's module behind a TCP port, so that any client can talk to
 * it, and `make test SERVER=` play the harness against it.
 *
 *     node book/console/bridge.js 03 6379 [--save "" ...]
 *
 * Listens on the port and passes bytes on, in both directions; what the server
 * is configured with follows. The directory it is started in is copied into
 * the memory's file system, and every change back out of it. */
"use strict";

const fs = require("node:fs");
const net = require("node:net");
const path = require("node:path");

for (const name of ["disk", "system", "stage"]) require(`./${name}.js`);
const { Disk, Directory, Stage, load } = globalThis.pageConsole;

const BUILT = process.env.CONSOLE_BUILD ?? path.resolve(__dirname, "../../build/console");
const TAKEN_AT_ONCE = 64 * 1024;

/* Keeps a real directory equal to the one in memory. */
class Mirror {
    constructor(disk, directory) {
        this.disk = disk;
        this.directory = directory;
        this.kept = new Map(); /* path -> the node and its version that the real file has */
        disk.mkdir(directory, { parents: true });
        for (const entry of fs.readdirSync(directory, { recursive: true, withFileTypes: true })) {
            const name = path.join(entry.parentPath ?? entry.path, entry.name);
            if (entry.isDirectory()) disk.mkdir(name, { parents: true });
            else if (entry.isFile()) disk.write(name, fs.readFileSync(name));
        }
        this.#walk(directory, disk.get(directory), new Set(), () => {});
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

/* Joins a real connection and one of the stage. */
function join(socket, stage) {
    let client;
    try {
        client = stage.connect(0, { limit: 1 << 20, peerPort: socket.remotePort });
    } catch {
        socket.destroy();
        return;
    }
    const drain = () => {
        while (!socket.writableNeedDrain) {
            const bytes = client.take(TAKEN_AT_ONCE);
            if (!bytes.length) break;
            socket.write(bytes.slice());
        }
        if (client.socket.outgoing.ended && !client.socket.outgoing.size) socket.end();
    };
    client.poke = drain;
    socket.setNoDelay(true);
    socket.on("data", bytes => client.send(new Uint8Array(bytes)));
    socket.on("drain", drain);
    socket.on("end", () => client.end());
    socket.on("error", () => {});
    socket.on("close", () => client.close());
}

async function main() {
    const [name, port, ...args] = process.argv.slice(2);
    require(path.join(BUILT, `${name}.js`));
    const disk = new Disk();
    const mirror = new Mirror(disk, process.cwd());
    const stage = new Stage(await load(name), {
        args: ["--port", port, ...args],
        disk,
        directory: process.cwd(),
        onlog: text => process.stdout.write(text),
    });
    stage.onpark = () => mirror.sync();
    stage.onend = ({ code, signal }) => {
        mirror.sync();
        /* Replies that are on their way still leave. */
        server.close();
        setTimeout(() => process.exit(signal ? 128 + signal : code), 20);
    };
    const server = net.createServer({ allowHalfOpen: true }, socket => join(socket, stage));
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => stage.signal(signal));
    await stage.begin();
    if (!stage.ended) server.listen(Number(port), "127.0.0.1");
}

main();
