/* annotate: what each part of a file means, from the first byte to the last.
 *
 *     for (const {at, bytes, says} of pageConsole.annotate(disk.read("/data/dump.rdb"))) ...
 *
 * A snapshot is read as Redis 7.0 writes it (rdb.h, rdb.c: version 10), a log
 * as the commands that it holds, anything else as lines. The parts follow each
 * other without a gap. What is not understood is one part, which says so.
 * `deep` is true for a part inside of a packed value. */
"use strict";
{
    const console_ = (globalThis.pageConsole ??= {});

    const OPCODES = {
        0xf5: "FUNCTION2, a library of functions", 0xf8: "IDLE, the time since it was used", 0xf9: "FREQ, how often it is used",
        0xfa: "AUX, a fact about the file", 0xfb: "RESIZEDB, how many keys follow", 0xfc: "EXPIRETIME_MS, when the key expires",
        0xfd: "EXPIRETIME, when the key expires", 0xfe: "SELECTDB, a database", 0xff: "EOF, the end",
    };
    const TYPES = {
        0: "a string", 1: "a list", 2: "a set", 4: "a hash", 5: "a sorted set", 11: "a set, an intset",
        16: "a hash, a listpack", 17: "a sorted set, a listpack", 18: "a list, in nodes", 15: "a stream", 19: "a stream",
    };
    const NODES = { 1: "a node with one large element", 2: "a node with a listpack" };
    const CHECKSUM = 8;
    const LISTPACK_HEADER = 6;

    class Unknown extends Error {}

    const asText = bytes => {
        const text = Array.from(bytes, byte =>
            byte === 34 || byte === 92 ? `\\${String.fromCharCode(byte)}`
                : byte >= 32 && byte < 127 ? String.fromCharCode(byte)
                    : `\\x${byte.toString(16).padStart(2, "0")}`).join("");
        return `"${text}"`;
    };
    const date = ms => (Math.abs(Number(ms)) <= 8.64e15 ? new Date(Number(ms)).toISOString() : `${ms} ms`);

    /* Takes parts of a file from its beginning on. */
    class Parts {
        constructor(bytes) {
            this.bytes = bytes;
            this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
            this.at = 0; /* where the next part begins */
            this.all = [];
        }

        get isDone() {
            return this.at >= this.bytes.length;
        }

        /* The next bytes, which are not taken yet. */
        need(count) {
            if (!(count >= 0) || this.at + count > this.bytes.length) throw new Unknown("the file ends here");
            return this.bytes.subarray(this.at, this.at + count);
        }

        take(count, says, deep = false) {
            const bytes = this.need(count);
            this.all.push({ at: this.at, bytes, says, deep });
            this.at += count;
            return bytes;
        }

        rest(says) {
            if (!this.isDone) this.take(this.bytes.length - this.at, says);
        }
    }

    /* A snapshot */

    /* A length with its size in bytes; `packed` is the kind of a string that is not written as it is. */
    function lengthAt(parts) {
        const [first] = parts.need(1);
        if (first >> 6 === 0) return { size: 1, value: first };
        if (first >> 6 === 1) return { size: 2, value: ((first & 0x3f) << 8) | parts.need(2)[1] };
        if (first === 0x80) return parts.need(5), { size: 5, value: parts.view.getUint32(parts.at + 1) };
        if (first === 0x81) return parts.need(9), { size: 9, value: Number(parts.view.getBigUint64(parts.at + 1)) };
        if (first >> 6 === 3 && first <= 0xc3) return { size: 1, packed: first & 0x3f };
        throw new Unknown("this is no length");
    }

    function number(parts, what) {
        const { size, value, packed } = lengthAt(parts);
        if (packed !== undefined) throw new Unknown("this is no length");
        parts.take(size, `${what}: ${value}`);
        return value;
    }

    /* A string. `inside` takes the bytes of one that is not compressed, and its parts. */
    function string(parts, what, inside = null) {
        const { size, value, packed } = lengthAt(parts);
        if (packed === undefined) {
            parts.take(size, `length ${value}`);
            if (inside) return inside(parts, value, what);
            if (!value) return "";
            const says = asText(parts.need(value));
            parts.take(value, `${what}: ${says}`);
            return says;
        }
        if (packed < 3) {
            const width = 1 << packed;
            parts.take(1, `a number of ${width} byte${width > 1 ? "s" : ""} follows`);
            parts.need(width);
            const said = [parts.view.getInt8, parts.view.getInt16, parts.view.getInt32][packed].call(parts.view, parts.at, true);
            parts.take(width, `${what}: ${said}`);
            return String(said);
        }
        parts.take(1, "a compressed string follows (LZF)");
        const length = number(parts, "compressed length");
        number(parts, "length");
        parts.take(length, `${what}, compressed`);
        return "";
    }

    function milliseconds(parts, what) {
        parts.need(8);
        const ms = parts.view.getBigInt64(parts.at, true);
        parts.take(8, `${what}: ${ms < 0n ? ms : date(ms)}`);
    }

    function score(parts) {
        parts.need(8);
        parts.take(8, `its score: ${parts.view.getFloat64(parts.at, true)}`);
    }

    function intset(parts, length) {
        const end = parts.at + length;
        parts.need(length);
        const width = parts.view.getUint32(parts.at, true);
        const count = parts.view.getUint32(parts.at + 4, true);
        if (![2, 4, 8].includes(width) || length !== 8 + width * count) throw new Unknown("this is no intset");
        parts.take(8, `an intset: ${count} numbers of ${width} bytes`, true);
        while (parts.at < end) {
            const read = { 2: parts.view.getInt16, 4: parts.view.getInt32, 8: parts.view.getBigInt64 }[width];
            parts.take(width, String(read.call(parts.view, parts.at, true)), true);
        }
    }

    /* An element of a listpack: how many bytes its head and its data have, and what it is. */
    function element(parts) {
        const { view, at } = parts;
        const [first] = parts.need(1);
        if (first < 0x80) return [1, 0, String(first)];
        if (first < 0xc0) return [1, first & 0x3f, null];
        if (first < 0xe0) return [2, 0, String(((((first & 0x1f) << 8) | view.getUint8(at + 1)) << 19) >> 19)];
        if (first < 0xf0) return [2, ((first & 0x0f) << 8) | view.getUint8(at + 1), null];
        if (first === 0xf0) return [5, view.getUint32(at + 1, true), null];
        if (first === 0xf1) return [3, 0, String(view.getInt16(at + 1, true))];
        if (first === 0xf2) return [4, 0, String((view.getUint16(at + 1, true) | (view.getUint8(at + 3) << 16)) << 8 >> 8)];
        if (first === 0xf3) return [5, 0, String(view.getInt32(at + 1, true))];
        if (first === 0xf4) return [9, 0, String(view.getBigInt64(at + 1, true))];
        throw new Unknown("this is no listpack");
    }

    /* How many bytes the size of an element takes, which stands behind it. */
    const backSize = size => (size < 1 << 7 ? 1 : size < 1 << 14 ? 2 : size < 1 << 21 ? 3 : size < 1 << 28 ? 4 : 5);

    function listpack(parts, length) {
        const end = parts.at + length;
        parts.need(length);
        const count = parts.view.getUint16(parts.at + 4, true);
        parts.take(LISTPACK_HEADER, `a listpack: ${parts.view.getUint32(parts.at, true)} bytes, ${count} elements`, true);
        while (parts.at < end - 1) {
            const [head, data, value] = element(parts);
            const size = head + data + backSize(head + data);
            const bytes = parts.need(size);
            parts.take(size, value ?? asText(bytes.subarray(head, head + data)), true);
        }
        parts.take(1, "the end of the listpack", true);
    }

    function streamId(parts, length, what) {
        if (length !== 16) throw new Unknown("this is no ID");
        parts.need(16);
        parts.take(16, `${what}: ${parts.view.getBigUint64(parts.at)}-${parts.view.getBigUint64(parts.at + 8)}`);
    }

    function position(parts, what) {
        number(parts, `${what}, time`);
        number(parts, `${what}, number`);
    }

    function stream(parts, type) {
        for (let nodes = number(parts, "nodes"); nodes > 0; nodes--) {
            string(parts, "the ID of its first entry", streamId);
            string(parts, "entries", listpack);
        }
        number(parts, "entries");
        position(parts, "last ID");
        if (type === 19) {
            position(parts, "first ID");
            position(parts, "largest deleted ID");
            number(parts, "entries ever added");
        }
        for (let groups = number(parts, "groups"); groups > 0; groups--) {
            string(parts, "a group");
            position(parts, "last delivered ID");
            if (type === 19) number(parts, "entries read");
            for (let pending = number(parts, "pending entries"); pending > 0; pending--) {
                streamId(parts, 16, "pending");
                milliseconds(parts, "delivered");
                number(parts, "deliveries");
            }
            for (let consumers = number(parts, "consumers"); consumers > 0; consumers--) {
                string(parts, "a consumer");
                milliseconds(parts, "seen");
                for (let own = number(parts, "pending entries"); own > 0; own--) streamId(parts, 16, "pending");
            }
        }
    }

    const times = (count, then) => {
        for (let i = 0; i < count; i++) then();
    };

    function content(parts, type) {
        switch (type) {
            case 0: return string(parts, "value");
            case 1: case 2: return times(number(parts, "elements"), () => string(parts, "element"));
            case 4: return times(number(parts, "fields"), () => (string(parts, "field"), string(parts, "value")));
            case 5: return times(number(parts, "members"), () => (string(parts, "member"), score(parts)));
            case 11: return string(parts, "numbers", intset);
            case 16: case 17: return string(parts, "elements", listpack);
            case 18: return times(number(parts, "nodes"), () => {
                const [kind] = parts.need(1);
                parts.take(1, NODES[kind] ?? "this is no node");
                string(parts, "element", kind === 2 ? listpack : null);
            });
            case 15: case 19: return stream(parts, type);
            default: throw new Unknown("a value of another kind");
        }
    }

    function opcode(parts, byte) {
        parts.take(1, `opcode: ${OPCODES[byte]}`);
        switch (byte) {
            case 0xf5: return string(parts, "its code");
            case 0xf8: return number(parts, "seconds");
            case 0xf9: return parts.take(1, `a counter: ${parts.need(1)[0]}`);
            case 0xfa: return string(parts, "name"), string(parts, "value");
            case 0xfb: return number(parts, "keys"), number(parts, "of them with a time to expire");
            case 0xfc: return milliseconds(parts, "it expires");
            case 0xfd: return parts.take(4, `it expires: ${date(parts.view.getUint32(parts.at, true) * 1000)}`);
            case 0xfe: return number(parts, "its number");
            default: return parts.take(CHECKSUM, "a checksum of all that is before it (CRC-64)");
        }
    }

    function snapshot(parts) {
        parts.take(5, "this is a snapshot");
        parts.take(4, `in version ${Number(new TextDecoder().decode(parts.need(4)))} of the format`);
        for (let byte = 0; byte !== 0xff; ) {
            [byte] = parts.need(1);
            if (OPCODES[byte]) {
                opcode(parts, byte);
                continue;
            }
            if (!TYPES[byte]) throw new Unknown("a value of another kind");
            parts.take(1, `type ${byte}: ${TYPES[byte]}`);
            string(parts, "key");
            content(parts, byte);
        }
    }

    /* A log */

    /* The position behind the next line, and the line. */
    function line(parts, from) {
        const end = parts.bytes.indexOf(10, from);
        if (end < 0) throw new Unknown("the file ends here");
        return [end + 1, new TextDecoder().decode(parts.bytes.subarray(from, end)).replace(/\r$/, "")];
    }

    function commands(parts) {
        while (!parts.isDone) {
            let [at, head] = line(parts, parts.at);
            if (head.startsWith("#")) {
                parts.take(at - parts.at, "a note");
                continue;
            }
            if (!/^\*\d+$/.test(head)) throw new Unknown("this is no command");
            const words = [];
            for (let left = Number(head.slice(1)); left > 0; left--) {
                [at, head] = line(parts, at);
                if (!/^\$\d+$/.test(head)) throw new Unknown("this is no command");
                const end = at + Number(head.slice(1));
                if (end + 2 > parts.bytes.length) throw new Unknown("the last command is not complete");
                const word = asText(parts.bytes.subarray(at, end));
                words.push(/^"[^\s"\\]+"$/.test(word) ? word.slice(1, -1) : word);
                at = end + 2;
            }
            parts.take(at - parts.at, words.join(" "));
        }
    }

    function lines(parts) {
        while (!parts.isDone) parts.take(line(parts, parts.at)[0] - parts.at, "");
    }

    function annotate(bytes) {
        const parts = new Parts(bytes);
        const starts = mark => new TextDecoder().decode(bytes.subarray(0, mark.length)) === mark;
        try {
            if (starts("REDIS")) {
                snapshot(parts);
                commands(parts);
            } else if (starts("*") || starts("#")) {
                commands(parts);
            } else {
                lines(parts);
            }
        } catch (error) {
            if (!(error instanceof Unknown || error instanceof RangeError)) throw error;
            parts.rest(error instanceof Unknown ? error.message : "the file ends here");
        }
        return parts.all;
    }

    console_.annotate = annotate;
}
