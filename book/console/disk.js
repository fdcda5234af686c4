/* disk: a file system in memory.
 *
 *   Directory  children: name -> Directory or File
 *   File       bytes, of which the first `size` count; the rest is room to grow
 *
 * A path begins at the root. Calls return a node or throw an Errno. A file's
 * `version` grows with each change, so that its owner can tell what is new.
 * Knows of no process. */
"use strict";
{
    const console_ = (globalThis.pageConsole ??= {});

    /* The errors of WASI, which are also the stages' errno. */
    const errno = {
        ACCES: 2, AFNOSUPPORT: 5, ADDRINUSE: 3, ADDRNOTAVAIL: 4, AGAIN: 6, BADF: 8, CHILD: 12,
        CONNREFUSED: 14, CONNRESET: 15, EXIST: 20, INVAL: 28, ISDIR: 31,
        NOENT: 44, NOSYS: 52, NOTCONN: 53, NOTDIR: 54, NOTEMPTY: 55,
        NOTSOCK: 57, PERM: 63, PIPE: 64, SPIPE: 70, SRCH: 71,
    };

    class Errno extends Error {
        constructor(name) {
            super(name);
            this.code = errno[name];
        }
    }

    let nodes = 0;

    class Node {
        constructor() {
            this.number = ++nodes;
            this.modified = Date.now();
        }
    }

    class File extends Node {
        constructor(bytes = new Uint8Array(0)) {
            super();
            this.bytes = bytes;
            this.size = bytes.length;
            this.version = 1;
        }

        /* The bytes that count. They are the file's own, not a copy. */
        contents() {
            return this.bytes.subarray(0, this.size);
        }

        resize(size) {
            if (size > this.bytes.length) {
                const grown = new Uint8Array(Math.max(size, 2 * this.bytes.length));
                grown.set(this.contents());
                this.bytes = grown;
            }
            if (size < this.size) this.bytes.fill(0, size, this.size);
            this.size = size;
            this.#touch();
        }

        #touch() {
            this.version++;
            this.modified = Date.now();
        }

        write(at, bytes) {
            if (at + bytes.length > this.size) this.resize(at + bytes.length);
            this.bytes.set(bytes, at);
            this.#touch();
        }
    }

    class Directory extends Node {
        constructor() {
            super();
            this.children = new Map();
        }
    }

    const words = path => path.split("/").filter(word => word && word !== ".");

    class Disk {
        constructor() {
            this.root = new Directory();
        }

        /* The directory that holds `path`, and the last name; `..` is resolved
         * in the text, as there are no links. */
        #parent(path) {
            const names = [];
            for (const word of words(path))
                if (word === "..") names.pop();
                else names.push(word);
            const name = names.pop();
            let at = this.root;
            for (const next of names) {
                at = at.children.get(next);
                if (!at) throw new Errno("NOENT");
                if (!(at instanceof Directory)) throw new Errno("NOTDIR");
            }
            return { directory: at, name };
        }

        /* The node, or undefined. */
        find(path) {
            const { directory, name } = this.#parent(path);
            return name === undefined ? directory : directory.children.get(name);
        }

        get(path) {
            const node = this.find(path);
            if (!node) throw new Errno("NOENT");
            return node;
        }

        /* Opens a file, with a new one where there is none if it may. */
        open(path, { create = false, exclusive = false, truncate = false, directory = false } = {}) {
            const place = this.#parent(path);
            let node = place.name === undefined ? place.directory : place.directory.children.get(place.name);
            if (node && create && exclusive) throw new Errno("EXIST");
            if (!node && !create) throw new Errno("NOENT");
            if (directory && node && !(node instanceof Directory)) throw new Errno("NOTDIR");
            if (!node) {
                node = new File();
                place.directory.children.set(place.name, node);
            } else if (truncate && node instanceof File) {
                node.resize(0);
            }
            return node;
        }

        /* Makes a directory; with `parents` also those above it, and none need be new. */
        mkdir(path, { parents = false } = {}) {
            if (parents) {
                let at = "";
                for (const word of words(path)) {
                    at += "/" + word;
                    if (!this.find(at)) this.mkdir(at);
                }
                return;
            }
            const { directory, name } = this.#parent(path);
            if (name === undefined || directory.children.has(name)) throw new Errno("EXIST");
            directory.children.set(name, new Directory());
        }

        /* Removes a file, or a directory that is empty. */
        remove(path) {
            const { directory, name } = this.#parent(path);
            const node = directory.children.get(name);
            if (!node) throw new Errno("NOENT");
            if (node instanceof Directory && node.children.size) throw new Errno("NOTEMPTY");
            directory.children.delete(name);
        }

        /* Replaces what has the new name, in one step. */
        rename(from, to) {
            const old = this.#parent(from);
            const node = old.directory.children.get(old.name);
            if (!node) throw new Errno("NOENT");
            const place = this.#parent(to);
            const replaced = place.directory.children.get(place.name);
            if (replaced instanceof Directory && !(node instanceof Directory)) throw new Errno("ISDIR");
            if (replaced instanceof Directory && replaced.children.size) throw new Errno("NOTEMPTY");
            old.directory.children.delete(old.name);
            place.directory.children.set(place.name, node);
        }

        /* For a page: the whole of a file, all files below a directory, and a new file with its directories. */
        read(path) {
            return this.get(path).contents();
        }

        write(path, bytes) {
            this.mkdir(path.slice(0, path.lastIndexOf("/")), { parents: true });
            this.open(path, { create: true, truncate: true }).write(0, bytes);
        }

        list(path = "/") {
            const found = [];
            const walk = (at, node) => {
                if (node instanceof File) found.push(at);
                else for (const [name, child] of node.children) walk(at + "/" + name, child);
            };
            walk(path === "/" ? "" : path, this.get(path));
            return found.sort();
        }
    }

    Object.assign(console_, { Disk, Directory, File, Errno, errno });
}
