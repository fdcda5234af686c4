/* notation: transcripts and replies as text, in the notation of tests/harness/notation.py and quoting.py.
 *
 *     const steps = tryIt.readSteps("> GET k\n(nil)\n");
 *     const reader = new tryIt.ReplyReader();
 *     reader.put(bytes);
 *     for (let one; (one = reader.next()); ) show(tryIt.formatReply(one.reply), one.bytes);
 *
 * readShellSteps() reads a transcript of a shell that calls redis-cli.
 *
 * Bytes are handled as text with a character for each. */
"use strict";
{
  const tryIt = (globalThis.tryIt ??= {});

  const NAMED = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\x07" };
  const NAMED_BACK = Object.fromEntries(Object.entries(NAMED).map(([name, char]) => [char, `\\${name}`]));
  const LONG = 100;

  const toBytes = (text) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  const toText = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const utf8 = (text) => toText(new TextEncoder().encode(text));

  // Quoting

  function unescape(text) {
    return utf8(text).replace(/\\x([0-9a-fA-F]{2})|\\([^])/g, (_, hex, char) =>
      hex ? String.fromCharCode(parseInt(hex, 16)) : (NAMED[char] ?? char));
  }

  function escape(bytes, specials) {
    return Array.from(bytes, (char) => {
      if (NAMED_BACK[char]) return NAMED_BACK[char];
      if (char === "\\" || specials.includes(char)) return `\\${char}`;
      if (char >= " " && char <= "~") return char;
      return `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
    }).join("");
  }

  function repeat(unit, count) {
    if (!unit.includes("{n}")) return unit.repeat(count);
    return Array.from({ length: count }, (_, i) => unit.replaceAll("{n}", i + 1)).join("");
  }

  // Writes out every $(unit*count) that stands outside of quotes.
  function expand(text) {
    const pattern = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\$\(((?:"(?:[^"\\]|\\.)*"|[^()"])*?)\*(\d+)\)/gs;
    return text.replace(pattern, (all, unit, count) => (count ? repeat(unit, Number(count)) : all));
  }

  // The arguments of a command line, as bytes. Throws where a quote is never closed.
  function splitArgs(line) {
    const text = expand(line);
    const pattern = /(\s+)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\'|\\(?!'))*)'|([^\s"']+)/gsy;
    const args = [];
    let current = null;
    for (let at = 0; at < text.length; at = pattern.lastIndex) {
      pattern.lastIndex = at;
      const part = pattern.exec(text);
      if (!part) throw new Error("a quote that is never closed");
      if (part[1] !== undefined) {
        if (current !== null) args.push(current);
        current = null;
        continue;
      }
      current ??= "";
      if (part[2] !== undefined) current += unescape(part[2]);
      else if (part[3] !== undefined) current += utf8(part[3].replaceAll("\\'", "'"));
      else current += utf8(part[4]);
    }
    if (current !== null) args.push(current);
    return args;
  }

  const rawBytes = (line) =>
    unescape(line.replace(/\$\(([^()]*?)\*(\d+)\)/g, (_, unit, count) => repeat(unit, Number(count))));

  // Long runs are shortened to $(unit*count); what is between them is written by `plain`.
  function shortened(bytes, plain, named) {
    if (bytes.length < LONG) return plain(bytes);
    let out = "";
    let at = 0;
    for (const run of bytes.matchAll(/([^]{1,16}?)\1{31,}/g)) {
      if (run[0].length < 64) continue;
      if (run.index > at) out += plain(bytes.slice(at, run.index));
      out += `$(${named(run[1])}*${run[0].length / run[1].length})`;
      at = run.index + run[0].length;
    }
    return at < bytes.length ? out + plain(bytes.slice(at)) : out;
  }

  const quoted = (bytes) => `"${escape(bytes, '"')}"`;
  const quote = (bytes) => shortened(bytes, quoted, (unit) => (/^[a-zA-Z0-9]+$/.test(unit) ? unit : quoted(unit)));

  // The lines of bytes, each cut behind a \r\n.
  function rawLines(bytes) {
    const parts = bytes.split(/(?<=\r\n)/).filter((part) => part);
    return parts.map((part) => shortened(part, (some) => escape(some, ""), (unit) => escape(unit, "")));
  }

  // A word of a command: in quotes where it needs them.
  const quoteWord = (bytes) => (/^[!-~]+$/.test(bytes) && !/["'\\]/.test(bytes) ? bytes : quote(bytes));

  const encodeCommand = (args) => `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join("")}`;

  // Replies

  const MARKS = { "*": ")", "~": "~", "%": "#", ">": ">", "|": "|" };
  const EMPTY = { "*": "array", "~": "set", "%": "hash", ">": "push", "|": "attribute" };
  const BLOBS = "$=!";
  const PAIRED = "%|";

  // Returns [reply, end], or null where the bytes end before the reply does.
  function decode(bytes, start) {
    const end = bytes.indexOf("\r\n", start);
    if (end < 0) return null;
    const kind = bytes[start];
    const text = bytes.slice(start + 1, end);
    const after = end + 2;
    if (!BLOBS.includes(kind) && !MARKS[kind]) {
      if (!"+-:_,#(".includes(kind)) throw new Error("this is not the protocol");
      return [{ kind, text }, after];
    }
    const length = Number(text);
    if (length < 0) return [{ kind: `${kind}-1`, text: "" }, after];
    if (BLOBS.includes(kind)) {
      if (bytes.length < after + length + 2) return null;
      return [{ kind, text: bytes.slice(after, after + length) }, after + length + 2];
    }
    const items = [];
    let at = after;
    for (let left = PAIRED.includes(kind) ? 2 * length : length; left > 0; left--) {
      const found = decode(bytes, at);
      if (!found) return null;
      items.push(found[0]);
      at = found[1];
    }
    return [{ kind, text: "", items }, at];
  }

  /* Takes bytes as they arrive, and gives replies when they are complete. */
  class ReplyReader {
    constructor() {
      this.bytes = "";
    }

    put(bytes) {
      this.bytes += toText(bytes);
    }

    // {reply, bytes}, or null.
    next() {
      const found = this.bytes && decode(this.bytes, 0);
      if (!found) return null;
      const bytes = this.bytes.slice(0, found[1]);
      this.bytes = this.bytes.slice(found[1]);
      return { reply: found[0], bytes };
    }
  }

  const PLAIN = /^(?![a-z][a-z0-9-]*[<>])(?![0-9]+[)~#>|])[A-Za-z0-9_*+.|-]([ -~]*[!-~])?$/;
  const PLAIN_ERROR = /^[A-Za-z0-9_*+.'-][ -~]*$/;

  function formatAtom({ kind, text }) {
    switch (kind) {
      case "$-1": return "(nil)";
      case "*-1": return "(nil array)";
      case "_": return "(null)";
      case "#": return text === "t" ? "(true)" : "(false)";
      case "$": return quote(text);
      case ":": return `(integer) ${text}`;
      case ",": return `(double) ${text}`;
      case "(": return `(big number) ${text}`;
      case "=": return `(verbatim) ${quote(text)}`;
      case "!": return `(bulk error) ${quote(text)}`;
      case "+": return PLAIN.test(text) && !text.includes("=>") ? text : `(simple) ${quote(text)}`;
      case "-": return `(error) ${PLAIN_ERROR.test(text) && !text.includes("=>") ? text : quote(text)}`;
      default: return `(empty ${EMPTY[kind]})`;
    }
  }

  // The lines of a reply. The first lacks the prefix.
  function formatReply(reply, prefix = "") {
    if (!reply.items?.length) return [formatAtom(reply)];
    const step = PAIRED.includes(reply.kind) ? 2 : 1;
    const count = reply.items.length / step;
    const width = String(count).length;
    const inner = prefix + " ".repeat(width + 2);
    const lines = [];
    for (let i = 0; i < count; i++) {
      let item = formatReply(reply.items[i * step], inner);
      if (step === 2) {
        const value = formatReply(reply.items[i * 2 + 1], inner);
        item = [...item.slice(0, -1), `${item.at(-1)} => ${value[0]}`, ...value.slice(1)];
      }
      const head = `${String(i + 1).padStart(width)}${MARKS[reply.kind]} `;
      lines.push((lines.length ? prefix : "") + head + item[0], ...item.slice(1));
    }
    return lines;
  }

  // Transcripts

  function readStep(line) {
    let match;
    if ((match = /^([a-z][a-z0-9-]*)?> (.+)$/.exec(line))) {
      const connection = match[1] ?? "main";
      if (/^\((connect|close|half-close)( \S+)?\)$/.test(match[2])) return { kind: "action", connection, text: match[2] };
      return { kind: connection.startsWith("raw") ? "raw" : "command", connection, text: match[2] };
    }
    if ((match = /^([a-z][a-z0-9-]*)<$/.exec(line))) return { kind: "receive", connection: match[1], text: "" };
    if ((match = /^~ ([0-9.]+)s$/.exec(line))) return { kind: "pause", connection: "", text: match[1] };
    if ((match = /^! (.+)$/.exec(line))) return { kind: "server", connection: "", text: match[1] };
    return null;
  }

  // Steps, each with the lines of the reply that the transcript shows.
  function readSteps(text) {
    const steps = [];
    let step = null;
    for (const line of text.split("\n")) {
      const begun = readStep(line);
      const annotation = /^@([a-z]+)(?: (.*))?$/.exec(line);
      if (!line.trim() || line.startsWith("#")) step = null;
      else if (begun) steps.push((step = { ...begun, source: line, want: [], annotations: [] }));
      else if (step && annotation && !step.want.length && step.kind !== "raw")
        step.annotations.push({ name: annotation[1], value: annotation[2] ?? "" });
      else step?.want.push(line);
    }
    return steps;
  }

  // Transcripts of a shell

  const PLAIN_CLI = /^redis-cli( -p \d+)? ([^|;&<>$`()]+?)(?:\s*>\s*(\S+))?$/;

  function shellStep(line, source) {
    const step = { source, connection: "main", text: line, want: [], annotations: [] };
    const [, port = " -p 6379", words, file] = PLAIN_CLI.exec(line) ?? [];
    if (words) {
      const connection = port === " -p 6379" ? "main" : "replica";
      // What goes to a file is not shown.
      return { ...step, kind: "command", connection, text: words, annotations: file ? [{ name: "like", value: "" }] : [] };
    }
    const server = /^redis-server (.*?)\s*(?:>.*)?&$/.exec(line);
    if (server) return { ...step, kind: "replica", text: server[1] };
    return { ...step, kind: /^while !.*redis-cli/.test(line) ? "connected" : "shell" };
  }

  // Steps of lines that begin with "$ ". What only a shell can do is one of kind "shell".
  function readShellSteps(text) {
    const steps = [];
    for (const line of text.replace(/\\\n> /g, "").split("\n")) {
      const command = /^\$ (.*)$/.exec(line)?.[1];
      const loop = /^for (\w+) in ([\w ]+); do (.*); done$/.exec(command ?? "");
      if (loop) for (const value of loop[2].split(" ")) steps.push(shellStep(loop[3].replaceAll(`$${loop[1]}`, value), line));
      else if (command !== undefined) steps.push(shellStep(command, line));
      else if (line.trim() && steps.length) steps.at(-1).want.push(line);
    }
    return steps;
  }

  // Whether these lines are what the transcript shows, as far as its annotations ask for that.
  function isAsShown(step, lines) {
    // An error may be quoted, as it is where it ends with a space.
    const bare = (some) => some.map((line) => line.replace(/^\(error\) "(.*)"$/, "(error) $1"));
    let want = bare(step.want.filter((line) => line !== "(no reply)"));
    let got = bare(lines);
    const has = (name) => step.annotations.filter((one) => one.name === name);
    if (has("like").length || has("from").length) return got.length > 0;
    for (const { value } of has("vary")) {
      const pattern = new RegExp(value, "g");
      [want, got] = [want, got].map((some) => some.map((line) => line.replace(pattern, "")));
    }
    if (has("unordered").length)
      [want, got] = [want, got].map((some) => some.map((line) => line.replace(/^( *\d+[)~#>|] )+ */, "").trim()).sort());
    const [within] = has("within");
    if (!within) return want.join("\n") === got.join("\n");
    const numbers = (some) => (some.join("\n").match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
    const [a, b] = [numbers(want), numbers(got)];
    return a.length === b.length && a.every((one, i) => Math.abs(one - b[i]) <= Number(within.value));
  }

  Object.assign(tryIt, { toBytes, toText, splitArgs, rawBytes, rawLines, quoteWord, encodeCommand });
  Object.assign(tryIt, { ReplyReader, formatReply, readSteps, readShellSteps, isAsShown });
}
