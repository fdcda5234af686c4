/* system: what a process asks for, as imports of its module.
 *
 *   descriptor   a number -> one of the following, shared after dup and fork
 *   Socket       two queues of bytes, one in, one out; a pipe's end has one
 *   Listener     the connections that wait for accept
 *   FileHandle   a file of the disk, and a position
 *   Output       what the process writes to the terminal
 *
 * imports(process) returns the functions of the modules `page` (shim.c lists
 * them) and `wasi_snapshot_preview1` (github.com/WebAssembly/WASI, legacy
 * preview1). A call never waits: it returns AGAIN, and the shim parks.
 * A queue pokes the owner of its other end when it changes. */
"use strict";
{
    const console_ = (globalThis.pageConsole ??= {});
    const { Directory, File, Errno, errno } = console_;

    const TYPE = { character: 2, directory: 3, file: 4, socket: 6 };
    const FLAG = { append: 1, nonblocking: 4 };
    const POLL = { in: 1, out: 2, invalid: 0x4000 };
    const RIGHT = { read: 2n, write: 64n };
    const OPEN = { create: 1, directory: 2, exclusive: 4, truncate: 8 };
    const ROOT_FD = 3;

    /* Bytes from one writer to one reader, in order. */
    class Queue {
        constructor(limit = Infinity) {
            this.parts = [];
            this.size = 0;
            this.limit = limit; /* a writer that reaches it has to wait */
            this.ended = false; /* nothing more is written */
            this.refused = false; /* nothing more is read */
            this.reader = null; /* has poke(), or null */
            this.writer = null;
        }

        get isFull() {
            return this.size >= this.limit;
        }

        put(bytes) {
            if (this.refused || this.ended) return;
            this.parts.push(bytes);
            this.size += bytes.length;
            this.reader?.poke();
        }

        /* Removes up to `max` bytes; empty when there are none. */
        take(max = Infinity) {
            if (!this.parts.length) return new Uint8Array(0);
            let first = this.parts[0];
            if (this.parts.length > 1 && first.length < max) {
                first = new Uint8Array(this.size);
                let at = 0;
                for (const part of this.parts) {
                    first.set(part, at);
                    at += part.length;
                }
                this.parts = [first];
            }
            const wasFull = this.isFull;
            if (first.length <= max) this.parts.shift();
            else this.parts[0] = first.subarray(max);
            const taken = first.subarray(0, Math.min(max, first.length));
            this.size -= taken.length;
            if (wasFull) this.writer?.poke();
            return taken;
        }

        end() {
            this.ended = true;
            this.reader?.poke();
        }

        refuse() {
            this.refused = true;
            this.parts = [];
            this.size = 0;
            this.writer?.poke();
        }
    }

    class Descriptor {
        constructor() {
            this.users = 0; /* numbers that mean it, in all processes */
            this.nonblocking = false;
        }

        get type() {
            return TYPE.character;
        }

        get flags() {
            return this.nonblocking ? FLAG.nonblocking : 0;
        }

        read() {
            throw new Errno("INVAL");
        }

        write() {
            throw new Errno("INVAL");
        }

        get isReadable() {
            return true;
        }

        get isWritable() {
            return true;
        }

        close() {}
    }

    class Output extends Descriptor {
        constructor(say) {
            super();
            this.say = say;
        }

        read() {
            return new Uint8Array(0);
        }

        write(bytes) {
            this.say(bytes.slice());
            return bytes.length;
        }
    }

    class Socket extends Descriptor {
        /* The owner is whom the queues poke. A pipe's end lacks one queue. */
        constructor(incoming, outgoing, owner) {
            super();
            this.port = 0;
            this.peerPort = 0;
            this.join(incoming, outgoing, owner);
        }

        join(incoming, outgoing, owner) {
            this.incoming = incoming;
            this.outgoing = outgoing;
            if (incoming) incoming.reader = owner;
            if (outgoing) outgoing.writer = owner;
        }

        get type() {
            return TYPE.socket;
        }

        read(max) {
            if (!this.incoming) throw new Errno("NOTCONN");
            if (!this.incoming.size && !this.incoming.ended) throw new Errno("AGAIN");
            return this.incoming.take(max);
        }

        write(bytes) {
            if (!this.outgoing) throw new Errno("NOTCONN");
            if (this.outgoing.refused || this.outgoing.ended) throw new Errno("PIPE");
            if (this.outgoing.isFull) throw new Errno("AGAIN");
            const part = bytes.slice(0, this.outgoing.limit - this.outgoing.size);
            this.outgoing.put(part);
            return part.length;
        }

        get isReadable() {
            return !this.incoming || this.incoming.size > 0 || this.incoming.ended;
        }

        get isWritable() {
            return !this.outgoing || !this.outgoing.isFull || this.outgoing.refused;
        }

        shutdown(how) {
            if (how & 1) this.incoming?.end();
            if (how & 2) this.outgoing?.end();
        }

        close() {
            this.outgoing?.end();
            this.incoming?.refuse();
        }
    }

    class Listener extends Descriptor {
        constructor(stage) {
            super();
            this.stage = stage;
            this.port = 0;
            this.waiting = [];
            this.isShut = false;
        }

        get type() {
            return TYPE.socket;
        }

        get isReadable() {
            return this.waiting.length > 0 || this.isShut;
        }

        accept() {
            if (this.waiting.length) return this.waiting.shift();
            throw new Errno(this.isShut ? "INVAL" : "AGAIN");
        }

        /* No connection comes any more; an accept that waits fails. */
        shutdown() {
            this.isShut = true;
            this.stage.network.unlisten(this);
            this.stage.poke();
        }

        close() {
            this.stage.network.unlisten(this);
            for (const socket of this.waiting) socket.close();
        }
    }

    class FileHandle extends Descriptor {
        constructor(node, { append = false, readable = true, writable = false } = {}) {
            super();
            Object.assign(this, { node, append, readable, writable, position: 0 });
        }

        get type() {
            return this.node instanceof Directory ? TYPE.directory : TYPE.file;
        }

        get flags() {
            return super.flags | (this.append ? FLAG.append : 0);
        }

        readAt(at, max) {
            if (this.node instanceof Directory) throw new Errno("ISDIR");
            if (!this.readable) throw new Errno("BADF");
            return this.node.contents().subarray(at, at + max);
        }

        read(max) {
            const bytes = this.readAt(this.position, max);
            this.position += bytes.length;
            return bytes;
        }

        write(bytes) {
            if (!this.writable) throw new Errno("BADF");
            if (this.append) this.position = this.node.size;
            this.node.write(this.position, bytes);
            this.position += bytes.length;
            return bytes.length;
        }
    }

    /* The numbers of one process. */
    class Table {
        constructor(from) {
            this.slots = from ? [...from.slots] : [];
            for (const descriptor of this.slots) if (descriptor) descriptor.users++;
        }

        get(fd) {
            const found = this.slots[fd];
            if (!found) throw new Errno("BADF");
            return found;
        }

        /* Returns the smallest number that is free, or `as`, which is closed before. */
        add(descriptor, as = -1) {
            let fd = as;
            if (fd < 0) {
                fd = 0;
                while (this.slots[fd]) fd++;
            } else if (this.slots[fd]) this.close(fd);
            this.slots[fd] = descriptor;
            descriptor.users++;
            return fd;
        }

        close(fd) {
            const descriptor = this.get(fd);
            this.slots[fd] = undefined;
            if (--descriptor.users === 0) descriptor.close();
        }

        closeAll() {
            this.slots.forEach((descriptor, fd) => descriptor && this.close(fd));
        }
    }

    /* The module `page`. */
    function pageCalls(process) {
        const { stage, table, memory } = process;
        const text = pointer => memory.text(pointer);
        const socketOf = fd => {
            const found = table.get(fd);
            if (!(found instanceof Socket)) throw new Errno("NOTSOCK");
            return found;
        };
        const listen = (fd, port) => {
            const listener = new Listener(stage);
            listener.nonblocking = table.get(fd).nonblocking;
            stage.network.listen(listener, port);
            table.add(listener, fd);
        };
        return {
            wait: (pid, status) => {
                const child = stage.processes.get(pid);
                if (!child) throw new Errno("CHILD");
                if (!child.ended) return 0;
                memory.view.setInt32(status, child.ended.signal | (child.ended.code << 8), true);
                stage.processes.delete(pid);
                return pid;
            },
            kill: (pid, number) => {
                const other = stage.processes.get(pid);
                if (!other || other.ended) throw new Errno("SRCH");
                other.signal(number);
                return 0;
            },
            self: () => process.pid,
            socket: family => {
                if (family !== 1) throw new Errno("AFNOSUPPORT");
                return table.add(new Socket(null, null, stage));
            },
            bind: (fd, hostAt, port) => {
                const host = text(hostAt);
                if (host !== "0.0.0.0" && !host.startsWith("127.")) throw new Errno("ADDRNOTAVAIL");
                if (stage.network.has(port)) throw new Errno("ADDRINUSE");
                socketOf(fd).port = port;
                return 0;
            },
            listen: fd => {
                listen(fd, socketOf(fd).port);
                return 0;
            },
            accept: fd => {
                const listener = table.get(fd);
                if (!(listener instanceof Listener)) throw new Errno("INVAL");
                return table.add(listener.accept());
            },
            connect: (fd, hostAt, port) => {
                const socket = socketOf(fd);
                const far = stage.network.connect(port, stage);
                if (!far) throw new Errno("CONNREFUSED");
                socket.join(far.outgoing, far.incoming, stage);
                socket.port = far.peerPort;
                socket.peerPort = port;
                return 0;
            },
            port: (fd, ofPeer) => {
                const found = table.get(fd);
                return ofPeer ? socketOf(fd).peerPort : found.port;
            },
            /* struct pollfd: int fd; short events, revents. */
            ready: (watches, count) => {
                const { view } = memory;
                let found = 0;
                for (let at = watches; count-- > 0; at += 8) {
                    const fd = view.getInt32(at, true);
                    const events = view.getInt16(at + 4, true);
                    const descriptor = table.slots[fd];
                    let ready = 0;
                    if (!descriptor) ready = fd < 0 ? 0 : POLL.invalid;
                    else {
                        if (events & POLL.in && descriptor.isReadable) ready |= POLL.in;
                        if (events & POLL.out && descriptor.isWritable) ready |= POLL.out;
                    }
                    view.setInt16(at + 6, ready, true);
                    if (ready) found++;
                }
                return found;
            },
            blocks: fd => (table.get(fd).nonblocking ? 0 : 1),
            pipe: ends => {
                const queue = new Queue(65536);
                memory.view.setInt32(ends, table.add(new Socket(queue, null, stage)), true);
                memory.view.setInt32(ends + 4, table.add(new Socket(null, queue, stage)), true);
                return 0;
            },
            dup: (fd, as) => (fd === as ? fd : table.add(table.get(fd), as)),
        };
    }

    /* Clocks, arguments, random bytes: the calls of WASI that are not about descriptors. */
    function wasiSurroundings(process) {
        const { stage, memory } = process;
        const sizes = (list, count, bytes) => {
            memory.view.setUint32(count, list.length, true);
            memory.view.setUint32(bytes, list.reduce((sum, each) => sum + memory.encode(each).length + 1, 0), true);
        };
        const strings = (list, pointers, at) => {
            for (const each of list) {
                const bytes = memory.encode(each + "\0");
                memory.view.setUint32(pointers, at, true);
                memory.bytes.set(bytes, at);
                pointers += 4;
                at += bytes.length;
            }
        };
        return {
            args_sizes_get: (count, bytes) => sizes(stage.args, count, bytes),
            args_get: (pointers, at) => strings(stage.args, pointers, at),
            environ_sizes_get: (count, bytes) => sizes([`PWD=${stage.directory}`], count, bytes),
            environ_get: (pointers, at) => strings([`PWD=${stage.directory}`], pointers, at),
            clock_res_get: (clock, out) => memory.view.setBigUint64(out, 1000n, true),
            clock_time_get: (clock, precision, out) => {
                const ms = clock === 0 ? stage.clock.unixMs() : stage.clock.ms();
                memory.view.setBigUint64(out, BigInt(Math.round(ms * 1000)) * 1000n, true);
            },
            random_get: (at, length) => stage.random(memory.bytes.subarray(at, at + length)),
            proc_exit: code => process.exit(code),
            sched_yield: () => {},
        };
    }

    /* Reading and writing: lists of parts, each a pointer and a length. */
    function wasiTransfers(process) {
        const { table, memory } = process;
        const parts = (list, count) => {
            const found = [];
            for (let at = list; count-- > 0; at += 8) {
                const start = memory.view.getUint32(at, true);
                found.push(memory.bytes.subarray(start, start + memory.view.getUint32(at + 4, true)));
            }
            return found;
        };
        /* Calls for each part until one is not used whole; an error counts only for the first. */
        const each = (list, count, total, transfer) => {
            let sum = 0;
            for (const part of parts(list, count)) {
                let done;
                try {
                    done = transfer(part, sum);
                } catch (error) {
                    if (!(error instanceof Errno) || !sum) throw error;
                    break;
                }
                sum += done;
                if (done < part.length) break;
            }
            memory.view.setUint32(total, sum, true);
        };
        const fill = (part, bytes) => {
            part.set(bytes);
            return bytes.length;
        };
        return {
            fd_read: (fd, list, count, total) => {
                const from = table.get(fd);
                each(list, count, total, part => fill(part, from.read(part.length)));
            },
            fd_write: (fd, list, count, total) => {
                const to = table.get(fd);
                each(list, count, total, part => to.write(part));
            },
            fd_pread: (fd, list, count, offset, total) => {
                const from = table.get(fd);
                each(list, count, total, (part, sum) => fill(part, from.readAt(Number(offset) + sum, part.length)));
            },
        };
    }

    /* Descriptors, and what a file is. */
    function wasiDescriptors(process) {
        const { table, memory } = process;
        const fileOf = fd => {
            const found = table.get(fd);
            if (!(found instanceof FileHandle)) throw new Errno("SPIPE");
            return found;
        };
        return {
            fd_close: fd => table.close(fd),
            fd_sync: fd => void table.get(fd),
            fd_datasync: fd => void table.get(fd),
            fd_fdstat_get: (fd, out) => {
                const found = table.get(fd);
                memory.bytes.fill(0, out, out + 24);
                memory.view.setUint8(out, found.type);
                memory.view.setUint16(out + 2, found.flags, true);
                let rights = ~0n;
                if (found.writable === false && found.type === TYPE.file) rights &= ~RIGHT.write;
                if (found.readable === false) rights &= ~RIGHT.read;
                memory.view.setBigUint64(out + 8, BigInt.asUintN(64, rights), true);
                memory.view.setBigUint64(out + 16, BigInt.asUintN(64, ~0n), true);
            },
            fd_fdstat_set_flags: (fd, flags) => {
                const found = table.get(fd);
                found.nonblocking = (flags & FLAG.nonblocking) !== 0;
                if (found instanceof FileHandle) found.append = (flags & FLAG.append) !== 0;
            },
            fd_seek: (fd, offset, whence, out) => {
                const file = fileOf(fd);
                const from = [0, file.position, file.node.size][whence];
                if (from + Number(offset) < 0) throw new Errno("INVAL");
                file.position = from + Number(offset);
                memory.view.setBigUint64(out, BigInt(file.position), true);
            },
            fd_tell: (fd, out) => memory.view.setBigUint64(out, BigInt(fileOf(fd).position), true),
            fd_filestat_get: (fd, out) => {
                const found = table.get(fd);
                memory.writeStat(out, found.type, found instanceof FileHandle ? found.node : null);
            },
            fd_filestat_set_size: (fd, size) => fileOf(fd).node.resize(Number(size)),
            fd_prestat_get: (fd, out) => {
                if (fd !== ROOT_FD) throw new Errno("BADF");
                memory.view.setUint32(out, 0, true);
                memory.view.setUint32(out + 4, 1, true);
            },
            fd_prestat_dir_name: (fd, out) => memory.bytes.set([0x2f], out),
            sock_shutdown: (fd, how) => table.get(fd).shutdown(how),
        };
    }

    /* Names. wasi-libc hands over paths from the root, without the first slash. */
    function wasiPaths(process) {
        const { stage, table, memory } = process;
        const path = (fd, at, length) => {
            if (fd !== ROOT_FD) throw new Errno("NOSYS");
            return "/" + memory.decode(memory.bytes.slice(at, at + length));
        };
        const typeOf = node => (node instanceof File ? TYPE.file : TYPE.directory);
        const open = (name, flags, rights, fdFlags) => {
            if (name === "/dev/null") return new Output(() => {});
            const writable = (rights & RIGHT.write) !== 0n;
            const node = stage.disk.open(name, {
                create: (flags & OPEN.create) !== 0,
                directory: (flags & OPEN.directory) !== 0,
                exclusive: (flags & OPEN.exclusive) !== 0,
                truncate: (flags & OPEN.truncate) !== 0,
            });
            if (writable && node instanceof Directory && !(flags & OPEN.directory)) throw new Errno("ISDIR");
            const append = (fdFlags & FLAG.append) !== 0;
            return new FileHandle(node, { append, writable, readable: (rights & RIGHT.read) !== 0n });
        };
        return {
            path_open: (fd, lookup, at, length, flags, rights, inherited, fdFlags, out) => {
                const opened = open(path(fd, at, length), flags, rights, fdFlags);
                memory.view.setUint32(out, table.add(opened), true);
            },
            path_filestat_get: (fd, lookup, at, length, out) => {
                const node = stage.disk.get(path(fd, at, length));
                memory.writeStat(out, typeOf(node), node);
            },
            path_create_directory: (fd, at, length) => stage.disk.mkdir(path(fd, at, length)),
            path_remove_directory: (fd, at, length) => stage.disk.remove(path(fd, at, length)),
            path_unlink_file: (fd, at, length) => {
                const name = path(fd, at, length);
                if (stage.disk.get(name) instanceof Directory) throw new Errno("ISDIR");
                stage.disk.remove(name);
            },
            path_rename: (fd, at, length, toFd, toAt, toLength) =>
                stage.disk.rename(path(fd, at, length), path(toFd, toAt, toLength)),
            /* An entry: number of the next, node, length of the name, type, name. */
            fd_readdir: (fd, out, room, cookie, used) => {
                const entries = [...table.get(fd).node.children];
                let at = out;
                for (let i = Number(cookie); i < entries.length && at < out + room; i++) {
                    const [name, node] = entries[i];
                    const encoded = memory.encode(name);
                    const entry = new Uint8Array(24 + encoded.length);
                    const view = new DataView(entry.buffer);
                    view.setBigUint64(0, BigInt(i + 1), true);
                    view.setBigUint64(8, BigInt(node.number), true);
                    view.setUint32(16, encoded.length, true);
                    view.setUint8(20, typeOf(node));
                    entry.set(encoded, 24);
                    const part = entry.subarray(0, out + room - at);
                    memory.bytes.set(part, at);
                    at += part.length;
                }
                memory.view.setUint32(used, at - out, true);
            },
        };
    }

    /* Wraps calls so that an Errno becomes a result: negated for `page`, as it is for WASI. */
    function guarded(calls, resultOf) {
        const made = {};
        for (const [name, call] of Object.entries(calls))
            made[name] = (...args) => {
                try {
                    return resultOf(0, call(...args));
                } catch (error) {
                    if (error instanceof Errno) return resultOf(error.code);
                    throw error;
                }
            };
        return made;
    }

    function imports(process) {
        const wasi = {
            ...wasiSurroundings(process), ...wasiTransfers(process),
            ...wasiDescriptors(process), ...wasiPaths(process),
        };
        const absent = { get: (calls, name) => calls[name] ?? (() => errno.NOSYS) };
        return {
            page: guarded(pageCalls(process), (error, value) => (error ? -error : value)),
            wasi_snapshot_preview1: new Proxy(guarded(wasi, error => error), absent),
        };
    }

    Object.assign(console_, { Queue, Socket, Output, FileHandle, Table, imports, ROOT_FD });
}
