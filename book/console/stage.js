/* stage: a server of the course in a page.
 *
 *     const stage = await pageConsole.start("03", {args: ["--databases", "4"]});
 *     const client = stage.connect();
 *     client.onbytes = bytes => ...;
 *     client.send("PING\r\n");
 *     stage.clock.advance(10000);
 *
 * A process runs until it parks: it waits for bytes, a child or a time, and its
 * stack is saved by asyncify (shim.c). It goes on in a microtask after something
 * that concerns it has changed, or when its time has come. So all that a page
 * calls here returns at once, and replies arrive after the caller is done.
 *
 * fork copies the memory with the saved stack into a second instance of the
 * module; both go on from there. Descriptors are shared, as are disk and clock.
 * README.md describes the interface; system.js is what the module calls. */
"use strict";
{
    const console_ = (globalThis.pageConsole ??= {});
    const { Disk, Queue, Socket, Output, FileHandle, Table, imports } = console_;

    const STATE_UNWINDING = 1;
    const STATE_REWINDING = 2;
    const WAITS_FOR = ["event", "sleep", "child"]; /* enum park_reason of shim.c */
    const SIGKILL = 9;
    const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGUSR1: 10, SIGTERM: 15 };
    const FIRST_PEER_PORT = 50001;
    const FIRST_PID = 1000;

    /* Ends the work of a process from within an import. */
    class Exit extends Error {
        constructor(code) {
            super(`exit ${code}`);
            this.code = code;
        }
    }

    /* What a module sees of memory. It may grow, which ends every view before. */
    class Memory {
        attach(memory) {
            this.memory = memory;
        }

        get view() {
            if (this.kept?.buffer !== this.memory.buffer) this.kept = new DataView(this.memory.buffer);
            return this.kept;
        }

        get bytes() {
            if (this.keptBytes?.buffer !== this.memory.buffer) this.keptBytes = new Uint8Array(this.memory.buffer);
            return this.keptBytes;
        }

        encode(text) {
            return new TextEncoder().encode(text);
        }

        decode(bytes) {
            return new TextDecoder().decode(bytes);
        }

        /* The text up to its zero byte. */
        text(at) {
            return this.decode(this.bytes.slice(at, this.bytes.indexOf(0, at)));
        }

        /* struct __wasi_filestat_t; node is null for what is no file. */
        writeStat(at, type, node) {
            const { view } = this;
            const time = BigInt(node?.modified ?? 0) * 1000000n;
            this.bytes.fill(0, at, at + 64);
            view.setBigUint64(at + 8, BigInt(node?.number ?? 0), true);
            view.setUint8(at + 16, type);
            view.setBigUint64(at + 24, 1n, true);
            view.setBigUint64(at + 32, BigInt(node?.size ?? 0), true);
            for (const offset of [40, 48, 56]) view.setBigUint64(at + offset, time, true);
        }
    }

    /* Both clocks of a stage; a page may move them forward. */
    class Clock {
        constructor() {
            this.offsetMs = 0;
            this.moved = new Set(); /* called after a move */
        }

        ms() {
            return performance.now() + this.offsetMs;
        }

        unixMs() {
            return performance.timeOrigin + this.ms();
        }

        advance(ms) {
            this.offsetMs += ms;
            for (const tell of this.moved) tell();
        }
    }

    /* Where stages find each other by their ports. A stage has one of its own, unless some share one. */
    class Network {
        constructor() {
            this.listeners = new Map();
            this.links = new Set(); /* between stages: the queue there, and the queue back */
            this.isCut = false;
            this.nextPort = FIRST_PEER_PORT;
            this.onbytes = null; /* (bytes, {from, to}) for what stages send to each other: ports */
        }

        has(port) {
            return this.listeners.has(port);
        }

        listen(listener, port) {
            listener.port = port;
            this.listeners.set(port, listener);
        }

        unlisten(listener) {
            if (this.listeners.get(listener.port) === listener) this.listeners.delete(listener.port);
        }

        /* Returns the listener's end of a new connection, or null. `from` is the stage that connects;
         * a page's connection has none, and cannot be cut. */
        connect(port, from = null, { limit = Infinity, peerPort = 0 } = {}) {
            const listener = this.listeners.get(port);
            if (!listener || (from && this.isCut)) return null;
            const there = new Queue();
            const back = new Queue(limit);
            const socket = new Socket(there, back, listener.stage);
            socket.port = port;
            socket.peerPort = peerPort || this.nextPort++;
            if (from) this.#watch(there, back, socket.peerPort, port);
            listener.waiting.push(socket);
            listener.stage.poke();
            return socket;
        }

        #watch(there, back, from, to) {
            this.links.add({ there, back });
            const tap = (queue, ports) => {
                const put = queue.put.bind(queue);
                queue.put = bytes => {
                    this.onbytes?.(bytes, ports);
                    put(bytes);
                };
            };
            tap(there, { from, to });
            tap(back, { from: to, to: from });
        }

        /* Ends all connections between stages, and refuses new ones until mend(). */
        cut() {
            this.isCut = true;
            for (const { there, back } of this.links)
                for (const queue of [there, back]) {
                    queue.end();
                    queue.refuse();
                }
            this.links.clear();
        }

        mend() {
            this.isCut = false;
        }
    }

    /* The page's end of a connection. */
    class Connection {
        constructor(socket) {
            this.socket = socket;
            this.port = socket.peerPort;
            this.onbytes = null; /* called with a Uint8Array; until it is set, take() returns what has come */
            this.onclose = null; /* called once, when the server has closed */
            this.isOpen = true;
            socket.outgoing.reader = this;
        }

        /* Bytes, or text in UTF-8. */
        send(data) {
            this.socket.incoming.put(typeof data === "string" ? new TextEncoder().encode(data) : data);
        }

        take(max) {
            return this.socket.outgoing.take(max);
        }

        /* No more is sent; replies still come. */
        end() {
            this.socket.incoming.end();
        }

        close() {
            this.isOpen = false;
            this.socket.incoming.end();
            this.socket.outgoing.refuse();
        }

        /* Called by the queue that the server writes to. */
        poke() {
            const queue = this.socket.outgoing;
            if (!this.isOpen) return;
            if (queue.size && this.onbytes) this.onbytes(this.take());
            if (queue.ended && !queue.size) {
                this.isOpen = false;
                this.onclose?.();
            }
        }
    }

    class Process {
        constructor(stage, pid, table) {
            this.stage = stage;
            this.pid = pid;
            this.table = table;
            this.memory = new Memory();
            this.parked = null; /* or {reason, untilMs} */
            this.ended = null; /* or {code, signal} */
            this.timer = undefined;
        }

        get imports() {
            const made = imports(this);
            made.page.park = (timeoutMs, reason) =>
                this.#leave(() => this.#park(timeoutMs, WAITS_FOR[reason]));
            made.page.fork = () => this.#leave(() => this.#fork());
            return made;
        }

        async begin(module) {
            const instance = await WebAssembly.instantiate(module, this.imports);
            this.#attach(instance);
            this.exports._initialize();
            this.#enter();
        }

        /* Goes on from the fork that the parent has made. */
        async beginAsCopy(module, memory, stackPointer) {
            const instance = await WebAssembly.instantiate(module, this.imports);
            if (this.ended) return;
            this.#attach(instance);
            const missing = memory.byteLength - this.exports.memory.buffer.byteLength;
            if (missing > 0) this.exports.memory.grow(missing / 65536);
            this.memory.bytes.set(new Uint8Array(memory));
            this.exports.__stack_pointer.value = stackPointer;
            this.#resume(0);
        }

        #attach(instance) {
            this.exports = instance.exports;
            this.memory.attach(instance.exports.memory);
        }

        exit(code) {
            throw new Exit(code);
        }

        /* Calls from park and fork: the first time the stack is saved and `then` runs outside the module;
         * the second time the result is returned into it. */
        #leave(then) {
            if (this.exports.asyncify_get_state() === STATE_REWINDING) {
                this.exports.asyncify_stop_rewind();
                return this.result;
            }
            this.then = then;
            this.stack = this.exports.page_stack();
            this.exports.asyncify_start_unwind(this.stack);
            return 0;
        }

        #enter() {
            this.parked = null;
            clearTimeout(this.timer);
            try {
                this.exports.page_start();
            } catch (error) {
                if (error instanceof Exit) this.end({ code: error.code, signal: 0 });
                else this.#crash(error);
                return;
            }
            if (this.exports.asyncify_get_state() === STATE_UNWINDING) {
                this.exports.asyncify_stop_unwind();
                this.then();
            }
        }

        #resume(result) {
            this.result = result;
            /* page_stack() of the copy is at the same address. */
            this.exports.asyncify_start_rewind(this.stack);
            this.#enter();
        }

        #park(timeoutMs, reason) {
            this.parked = { reason, untilMs: timeoutMs < 0 ? Infinity : this.stage.clock.ms() + timeoutMs };
            this.#setTimer();
            this.stage.onpark?.(this);
            if (this.asked) this.poke();
        }

        #setTimer() {
            clearTimeout(this.timer);
            const { untilMs } = this.parked;
            if (untilMs === Infinity) return;
            const left = Math.min(Math.max(0, untilMs - this.stage.clock.ms()), 2 ** 31 - 1);
            this.timer = setTimeout(() => this.look(), Math.ceil(left));
        }

        #fork() {
            const pid = this.stage.nextPid++;
            const child = new Process(this.stage, pid, new Table(this.table));
            child.stack = this.stack;
            this.stage.processes.set(pid, child);
            const memory = this.exports.memory.buffer.slice(0);
            child.beginAsCopy(this.stage.module, memory, this.exports.__stack_pointer.value);
            this.#resume(pid);
        }

        /* Goes on if what it waits for may have come. */
        poke() {
            this.asked = true;
            if (this.parked?.reason !== "event") return;
            this.asked = false;
            this.#resume(0);
        }

        /* Goes on if its time has come. */
        look() {
            if (!this.parked) return;
            if (this.stage.clock.ms() >= this.parked.untilMs) this.#resume(0);
            else this.#setTimer();
        }

        childEnded() {
            if (this.parked?.reason === "child") this.#resume(0);
        }

        /* A signal reaches a process that is parked; one without a handler ends it. */
        signal(number) {
            if (this.ended) return;
            const handled = this.exports && number !== SIGKILL && this.exports.page_signal(number);
            if (!handled) this.end({ code: 0, signal: number });
        }

        #crash(error) {
            this.stage.say(new TextEncoder().encode(`${error.stack ?? error}\n`));
            this.end({ code: 0, signal: 6 });
        }

        end(how) {
            if (this.ended) return;
            this.ended = how;
            this.parked = null;
            clearTimeout(this.timer);
            this.table.closeAll();
            this.stage.processEnded(this);
        }
    }

    class Stage {
        /* See start(). */
        constructor(module, { args = [], disk = new Disk(), directory = "/data", network = new Network(),
            clock = new Clock(), random, onlog = null } = {}) {
            this.module = module;
            this.args = ["server", ...args];
            this.disk = disk;
            this.directory = directory;
            this.network = network;
            this.clock = clock;
            this.random = random ?? (bytes => void bytes.set(crypto.getRandomValues(new Uint8Array(bytes.length))));
            this.onlog = onlog;
            this.onend = null; /* called with {code, signal} */
            this.onpark = null;
            this.log = [];
            this.processes = new Map();
            this.nextPid = FIRST_PID;
            this.look = () => this.#look();
            this.clock.moved.add(this.look);
            disk.mkdir(directory, { parents: true });
        }

        /* Runs until the server waits for the first time. */
        async begin() {
            const table = new Table();
            table.add(new Output(() => {}));
            for (let fd = 1; fd <= 2; fd++) table.add(new Output(bytes => this.say(bytes)));
            table.add(new FileHandle(this.disk.root));
            this.main = new Process(this, this.nextPid++, table);
            this.processes.set(this.main.pid, this.main);
            await this.main.begin(this.module);
        }

        get ended() {
            return this.main.ended;
        }

        /* Connects to a port: the first that the server listens on, unless one is named. Throws if it does not. */
        connect(port = 0, options = {}) {
            for (const [each, listener] of this.network.listeners)
                if (listener.stage === this && (!port || each === port))
                    return new Connection(this.network.connect(each, null, options));
            throw new Error("The server does not listen.");
        }

        /* "SIGTERM", or its number. */
        signal(name) {
            this.main.signal(SIGNALS[name] ?? name);
        }

        /* Called by queues and listeners: something has changed for this stage's processes. */
        poke() {
            if (this.isPoked) return;
            this.isPoked = true;
            queueMicrotask(() => {
                this.isPoked = false;
                for (const process of [...this.processes.values()]) process.poke();
            });
        }

        #look() {
            for (const process of [...this.processes.values()]) process.look();
        }

        say(bytes) {
            this.log.push(bytes);
            this.onlog?.(new TextDecoder().decode(bytes));
        }

        processEnded(process) {
            if (process !== this.main) {
                this.main.childEnded();
                return;
            }
            this.clock.moved.delete(this.look);
            for (const other of this.processes.values()) other.end({ code: 0, signal: SIGKILL });
            this.onend?.(process.ended);
        }
    }

    const compiled = new Map();

    /* Reads a module as the built file holds it: base64 of its gzipped bytes. */
    async function unpack(text) {
        const packed = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
        const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
        return new Uint8Array(await new Response(stream).arrayBuffer());
    }

    /* Adds a script to the page: the way to load a file that also works from file://. */
    function addScript(address) {
        return new Promise((resolve, reject) => {
            const script = document.createElement("script");
            script.src = address;
            script.onload = resolve;
            script.onerror = () => reject(new Error(`${address} cannot be loaded.`));
            document.head.append(script);
        });
    }

    /* Returns the module of a stage ("03", or "03-core"), which is loaded from `base` once. */
    function load(name, base = "") {
        if (!compiled.has(name))
            compiled.set(name, (async () => {
                if (!console_.modules?.[name]) await addScript(`${base}${name}.js`);
                return WebAssembly.compile(await unpack(console_.modules[name]));
            })());
        return compiled.get(name);
    }

    /* Starts a server from a stage's name, or from the bytes of a module. */
    async function start(what, options = {}) {
        const module = typeof what === "string" ? await load(what, options.base) : await WebAssembly.compile(what);
        const stage = new Stage(module, options);
        await stage.begin();
        return stage;
    }

    Object.assign(console_, { start, load, Stage, Clock, Network, Connection });
}
