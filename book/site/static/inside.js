/* inside: what stages keep and what they say to each other, beside the panes of try.js.
 *
 *   Files  the files of each stage, and what each byte of one means (book/console/annotate.js)
 *   Link   all that a primary and its replica send, and a button that cuts the connection */
"use strict";
{
  const tryIt = (globalThis.tryIt ??= {});

  const MOST_PARTS = 400; // of a file
  const MOST_BYTES = 16; // of a part
  const MOST_SAID = 300; // entries of a link

  const { element } = tryIt;

  const isPlain = (bytes) => bytes.every((byte) => (byte >= 32 && byte < 127) || byte === 13 || byte === 10);
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

  function shownBytes(bytes) {
    if (bytes.length > MOST_BYTES && isPlain(bytes)) return tryIt.rawLines(tryIt.toText(bytes)).join("");
    const shown = hex(bytes.subarray(0, MOST_BYTES));
    return bytes.length > MOST_BYTES ? `${shown} … ${bytes.length} bytes` : shown;
  }

  // A table of all parts of a file.
  function partsTable(bytes, title) {
    const parts = pageConsole.annotate(bytes);
    if (!parts.length) return element("p", {}, "It is empty.");
    const table = element("table", {}, element("caption", {}, title));
    const names = ["At", "Bytes", "What it is"].map((name) => element("th", { scope: "col" }, name));
    const body = element("tbody");
    for (const { at, bytes: some, says, deep } of parts.slice(0, MOST_PARTS))
      body.append(element("tr", deep ? { class: "deep" } : {}, element("td", {}, String(at)),
        element("td", {}, shownBytes(some)), element("td", {}, says)));
    table.append(element("thead", {}, element("tr", {}, ...names)), body);
    const left = parts.length - MOST_PARTS;
    return element("div", { class: "try-parts", tabindex: "0", role: "region", "aria-label": title },
      table, ...(left > 0 ? [element("p", {}, `${left} more parts are not shown.`)] : []));
  }

  /* The files of each server that keeps some. They are looked at while it is open. */
  class Files {
    // servers: objects with `label`, `stage` and `onchange`, which this sets.
    constructor(servers) {
      this.servers = servers;
      this.body = element("div");
      this.root = element("details", { class: "try-files" }, element("summary", {}, "Files"), this.body);
      this.root.addEventListener("toggle", () => this.look());
      this.opened = new Map(); // path with its server -> whether its parts are shown
      for (const server of servers) server.onchange = () => this.lookSoon();
    }

    lookSoon() {
      if (this.isWaiting || !this.root.open) return;
      this.isWaiting = true;
      setTimeout(() => {
        this.isWaiting = false;
        this.look();
      }, 50);
    }

    look() {
      if (!this.root.open) return;
      const found = this.servers.flatMap((server) => {
        const { disk } = server.stage;
        return disk.list("/data").map((path) => ({ server, path, node: disk.get(path) }));
      });
      const now = found.map(({ server, path, node }) => `${server.label} ${path} ${node.number} ${node.version}`).join("\n");
      if (now === this.seen) return;
      this.seen = now;
      const focused = document.activeElement?.dataset?.file;
      this.body.replaceChildren(...found.map((one) => this.file(one)));
      if (!found.length) this.body.append(element("p", {}, "There is no file yet. SAVE and BGSAVE write one; so does a log."));
      if (focused) [...this.body.querySelectorAll("button")].find((button) => button.dataset.file === focused)?.focus();
    }

    file({ server, path, node }) {
      const id = `${server.label} ${path}`;
      const name = path.replace("/data/", this.servers.length > 1 ? `${server.label}: ` : "");
      const place = element("div");
      const button = element("button", { type: "button", "data-file": id }, `${name}, ${node.size} bytes`);
      const show = () => {
        const isOpen = this.opened.get(id) ?? false;
        button.setAttribute("aria-expanded", String(isOpen));
        place.replaceChildren(...(isOpen ? [partsTable(node.contents().slice(), name)] : []));
      };
      button.addEventListener("click", () => {
        this.opened.set(id, !this.opened.get(id));
        show();
      });
      show();
      return element("div", {}, button, place);
    }
  }

  /* Reads one connection between a replica and its primary, in both directions:
   * the lines of the handshake, a snapshot, and the stream with the offset of each command. */
  class Talk {
    constructor(say) {
      this.say = say; // ({who, text, offset, snapshot})
      this.asked = new tryIt.ReplyReader();
      this.stream = new tryIt.ReplyReader();
      this.inStream = false;
      this.left = ""; // of what comes before the stream
      this.snapshotEnd = null; // its length, or the mark at its end
      this.offset = 0; // of the stream
      this.wanted = 0; // the byte that PSYNC asked for
    }

    fromReplica(bytes) {
      this.asked.put(bytes);
      for (let one; (one = this.asked.next()); ) {
        const words = one.reply.items?.map((item) => item.text) ?? [one.bytes.trim()];
        if (words[0].toUpperCase() === "PSYNC") this.wanted = Number(words[2]);
        this.say({ who: "replica", text: words.join(" ") });
      }
    }

    fromPrimary(bytes) {
      if (this.inStream) return this.commands(bytes);
      this.left += tryIt.toText(bytes);
      while (!this.inStream && (this.snapshotEnd === null ? this.line() : this.snapshot()));
      if (this.inStream) this.commands(tryIt.toBytes(this.take(this.left.length)));
    }

    take(length) {
      const taken = this.left.slice(0, length);
      this.left = this.left.slice(length);
      return taken;
    }

    // Both return false where they lack bytes.
    line() {
      const end = this.left.indexOf("\n");
      if (end < 0) return false;
      const text = this.take(end + 1).trim();
      const [word, , offset] = text.split(" ");
      if (/^\$\d+$/.test(text)) this.snapshotEnd = Number(text.slice(1));
      else if (text.startsWith("$EOF:")) this.snapshotEnd = text.slice(5);
      if (word === "+FULLRESYNC") this.offset = Number(offset);
      if (word === "+CONTINUE") [this.offset, this.inStream] = [this.wanted - 1, true];
      this.say({ who: "primary", text: text || "(an empty line: it is still there)" });
      return true;
    }

    snapshot() {
      const isMark = typeof this.snapshotEnd === "string";
      const length = isMark ? this.left.indexOf(this.snapshotEnd) : this.snapshotEnd;
      if (length < 0 || this.left.length < length) return false;
      const bytes = tryIt.toBytes(this.take(length));
      if (isMark) this.take(this.snapshotEnd.length);
      this.snapshotEnd = null;
      this.inStream = true;
      this.say({ who: "primary", text: `(a snapshot of ${bytes.length} bytes)`, snapshot: bytes });
      return true;
    }

    commands(bytes) {
      this.stream.put(bytes);
      for (let one; (one = this.stream.next()); ) {
        this.offset += one.bytes.length;
        const words = one.reply.items.map((item) => tryIt.quoteWord(item.text));
        this.say({ who: "primary", text: words.join(" "), offset: this.offset });
      }
    }
  }

  /* What goes through a network of stages, and the button that cuts it. */
  class Link {
    constructor(network, primaryPort) {
      this.network = network;
      this.talks = new Map(); // port of the replica's end -> Talk
      this.output = element("div", { class: "try-output", role: "log", tabindex: "0", "aria-label": "Between primary and replica" });
      this.button = element("button", { type: "button", onclick: () => this.turn() }, "Cut the link");
      this.root = element("div", { class: "try-link", role: "group", "aria-label": "The link" },
        element("p", { class: "try-which" }, "Between primary and replica ", this.button),
        element("p", { class: "try-hint" }, "The number before a command of the stream is the replication offset when it has been executed."), this.output);
      network.onbytes = (bytes, { from, to }) => {
        const port = to === primaryPort ? from : to;
        if (!this.talks.has(port)) this.talks.set(port, new Talk((said) => this.show(said)));
        const talk = this.talks.get(port);
        if (to === primaryPort) talk.fromReplica(bytes);
        else talk.fromPrimary(bytes);
      };
    }

    turn() {
      if (this.network.isCut) this.network.mend();
      else this.network.cut();
      this.button.textContent = this.network.isCut ? "Mend the link" : "Cut the link";
      this.show({ who: "note", text: this.network.isCut ? "(the link is cut)" : "(the link is mended: the replica tries again each second)" });
    }

    // An acknowledgement that says nothing new is not shown again.
    show({ who, text, offset, snapshot }) {
      if (text.startsWith("REPLCONF ACK") && this.acknowledged === text) return;
      if (text.startsWith("REPLCONF ACK")) this.acknowledged = text;
      const said = who === "note" ? text : `${who.padEnd(7)}  ${String(offset ?? "").padStart(6)}  ${text}`;
      const entry = element("div", { class: { replica: "sent", primary: "came", note: "remark" }[who] }, element("pre", {}, said));
      if (snapshot) entry.append(element("details", {}, element("summary", {}, "What is in it"), partsTable(snapshot, "The snapshot")));
      this.output.append(entry);
      if (this.output.childElementCount > MOST_SAID) this.output.firstElementChild.remove();
      this.output.scrollTop = this.output.scrollHeight;
    }
  }

  Object.assign(tryIt, { Files, Link });
}
