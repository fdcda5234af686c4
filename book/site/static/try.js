/* "Try it": a stage of the course answers in the page, below a transcript or in a difference.
 *
 * Nothing but this is loaded before the reader asks. Then the scripts in console/ are added
 * (book/console/README.md describes them), and the stage's module. Scripts are added and not
 * fetched, since a page that is a file may not fetch. */
"use strict";
{
  const BASE = new URL("console/", document.currentScript.src).href;
  const PARTS = ["disk.js", "system.js", "stage.js", "annotate.js", "notation.js", "inside.js"];
  const LATE_MS = 3000; // a reply that the transcript shows may take so long
  const FIRST_WITH_FILES = 10;
  const FIRST_WITH_REPLICAS = 12;
  const REPLICA = ["--port", "6380", "--replicaof", "127.0.0.1", "6379"];
  const MOVES = [["1 s", 1000], ["10 s", 10000], ["1 min", 60000], ["1 hour", 3600000], ["1 day", 86400000]];
  const DIFFERS = [
    "A long and a pointer have 32 bits: figures of memory are smaller, and INFO says arch_bits:32.",
    "There is one thread. What a stage gives to another thread on your machine, it does by itself here.",
    "A command that works for long holds up the page. DEBUG SLEEP does not.",
    "Files are in memory, and gone when you close this. No disk is ever full or slow.",
    "What a shell would do in a transcript is left out, except for redis-cli and a replica that is started.",
    "There are no Unix sockets, and no limit on open files. A connection takes whatever is sent to it.",
    "A pause in a transcript is not waited for: the clock is moved forward.",
  ];

  const { tryIt } = Object.assign(globalThis, { tryIt: globalThis.tryIt ?? {} });

  // A task later, whatever a stage does without a time to wait for is done.
  const settled = () => new Promise((done) => setTimeout(done, 0));

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  tryIt.element = element;

  let parts = null;

  function loadParts() {
    parts ??= PARTS.reduce((before, name) => before.then(() => new Promise((done, failed) => {
      const script = element("script", { src: BASE + name });
      script.onload = done;
      script.onerror = () => failed(new Error(`${name} cannot be loaded`));
      document.head.append(script);
    })), Promise.resolve());
    return parts;
  }

  /* A connection to one server, and what has come of it. */
  class Line {
    constructor(server, name, output) {
      this.name = name;
      this.raw = name.startsWith("raw");
      this.output = output;
      this.unread = []; // lines that no step of a transcript has taken
      this.sent = 0; // bytes, in either direction
      this.received = 0;
      this.client = server.stage.connect();
      this.isOpen = true;
      const reader = new tryIt.ReplyReader();
      this.client.onbytes = (bytes) => (this.raw ? this.showRaw(tryIt.toText(bytes)) : this.read(reader, bytes));
      this.client.onclose = () => this.ended();
    }

    send(bytes, said) {
      this.show("sent", [said], bytes, this.sent);
      this.sent += bytes.length;
      this.client.send(tryIt.toBytes(bytes));
    }

    read(reader, bytes) {
      reader.put(bytes);
      try {
        for (let one; (one = reader.next()); ) this.came(tryIt.formatReply(one.reply), one.bytes);
      } catch (error) {
        this.show("remark", [error.message], reader.bytes, this.received);
      }
    }

    showRaw(bytes) {
      this.came(tryIt.rawLines(bytes), bytes);
    }

    came(lines, bytes) {
      this.unread.push(...lines);
      const isError = bytes.startsWith("-");
      this.show(isError ? "came error" : "came", lines, bytes, this.received);
      this.received += bytes.length;
    }

    ended() {
      this.isOpen = false;
      this.unread.push("(closed)");
      this.show("remark", ["(closed)"]);
    }

    // What is said as text, and as bytes with the place of each line in all that went this way.
    show(kind, lines, bytes = "", at = 0) {
      const entry = element("div", { class: kind }, element("pre", { class: "as-text" }, lines.join("\n")));
      let place = at;
      const rows = bytes.split(/(?<=\r\n)/).filter((row) => row).map((row) => {
        const text = `${String(place).padStart(5)}  ${tryIt.rawLines(row)[0]}`;
        place += row.length;
        return text;
      });
      if (rows.length) entry.append(element("pre", { class: "as-bytes" }, rows.join("\n")));
      this.output.append(entry);
      this.output.scrollTop = this.output.scrollHeight;
    }
  }

  /* A stage that runs, with its connections. */
  class Server {
    // shared: the network and the clock that it has in common with others, or {}.
    constructor(number, build, args, { label = `stage ${number}`, ...shared }) {
      this.number = number;
      this.label = label;
      this.module = number + build;
      this.args = args;
      this.shared = shared;
      this.lines = new Map();
      this.onchange = null; // called when it has done something
    }

    // Starts it, or starts it anew with its files and its time. Returns what a transcript shows of that.
    async start(args = this.args) {
      const kept = this.stage && { disk: this.stage.disk, clock: this.stage.clock };
      this.stage = await pageConsole.start(this.module, { base: BASE, args, ...kept, ...this.shared });
      this.stage.onpark = () => this.onchange?.();
      this.onchange?.();
      return this.stage.ended ? [`(exit code ${this.stage.ended.code})`] : ["(ready)"];
    }

    line(name, output) {
      if (!this.lines.get(name)?.isOpen) this.lines.set(name, new Line(this, name, output));
      return this.lines.get(name);
    }

    async stop(signal) {
      for (const line of this.lines.values()) line.client.onclose = null;
      this.stage?.signal(signal);
      for (let i = 0; i < 100 && this.stage && !this.stage.ended; i++) await settled();
      for (const line of this.lines.values()) line.client.close();
      this.lines.clear();
    }
  }

  /* The panes below a transcript: one for each connection, with the output of one server, or of two beside each other. */
  class Console {
    // settings: {stage, before, suffix, flags, text, isShell, commands}; `opener` is the button that leads here.
    constructor(settings, opener) {
      this.settings = settings;
      this.opener = opener;
      this.build = settings.suffix;
      this.protocol = "2";
      this.isPair = Boolean(settings.commands && settings.before);
      this.hasReplica = false;
      this.panes = new Map();
      this.servers = [];
      this.status = element("p", { class: "try-status", role: "status" });
      this.grid = element("div", { class: "try-panes" });
      const label = `Stage ${settings.stage}, in this page`;
      this.root = element("section", { class: "try", "aria-label": label, "data-show": "text" });
      this.inside = element("div");
      this.root.append(this.tools(), this.status, ...this.commandRow(), this.grid, this.inside, this.notes());
      this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    }

    choice(label, options, chosen, change) {
      const select = element("select", { onchange: (event) => change(event.target.value) });
      for (const [text, value] of options) select.append(element("option", { value, selected: value === chosen }, text));
      return element("label", {}, `${label} `, select);
    }

    check(label, checked, change) {
      const box = element("input", { type: "checkbox", checked, onchange: (event) => change(event.target.checked) });
      return element("label", {}, box, ` ${label}`);
    }

    button(text, onclick) {
      return element("button", { type: "button", onclick }, text);
    }

    tools() {
      const { stage, before } = this.settings;
      const bar = element("div", { class: "try-tools", role: "group", "aria-label": "Settings" });
      bar.append(
        this.choice("Build", [["whole", ""], ["the lesson alone", "-core"]], this.build, (build) => this.restart({ build })),
        this.choice("Protocol", [["RESP2", "2"], ["RESP3", "3"]], this.protocol, (version) => this.speak(version)),
        this.check("Bytes", false, (on) => (this.root.dataset.show = on ? "bytes" : "text")),
      );
      // Two stages beside each other, or two servers of one stage that are linked.
      const show = (isPair, hasReplica) => {
        for (const [one, isOn] of [[pair, isPair], [replica, hasReplica]]) if (one) one.firstElementChild.checked = isOn;
        this.restart({ isPair, hasReplica });
      };
      const pair = before && this.check(`Beside stage ${before}`, this.isPair, (isOn) => show(isOn, false));
      const replica = Number(stage) >= FIRST_WITH_REPLICAS && this.check("With a replica", false, (isOn) => show(false, isOn));
      this.replicaBox = replica && replica.firstElementChild;
      bar.append(...[pair, replica].filter(Boolean));
      let move = MOVES[1][1];
      const moves = MOVES.map(([text, ms]) => [text, String(ms)]);
      const clock = element("span", { class: "try-clock" });
      clock.append(
        this.choice("Clock", moves, String(move), (ms) => (move = Number(ms))),
        this.button("Move forward", () => this.advance(move)),
      );
      bar.append(clock, this.button("New connection", () => this.another("client")));
      bar.append(this.button("Raw connection", () => this.another("raw")));
      bar.append(this.button(this.settings.text ? "Play again" : "Start again", () => this.restart({})));
      bar.append(this.button("Close", () => this.close()));
      return bar;
    }

    // The commands that the stage adds, each of which goes to the prompt.
    commandRow() {
      const { commands, stage } = this.settings;
      if (!commands?.length) return [];
      const row = element("div", { class: "try-commands", role: "group", "aria-label": `Commands that stage ${stage} adds` });
      for (const name of commands) row.append(this.button(name, () => this.suggest(name)));
      return [row];
    }

    notes() {
      const list = element("ul", {}, ...DIFFERS.map((text) => element("li", {}, text)));
      return element("details", { class: "try-notes" }, element("summary", {}, "What differs from a server of your own"), list);
    }

    say(text) {
      this.status.textContent = text;
    }

    // One start at a time; the last that was asked for is what is left.
    restart(changes) {
      Object.assign(this, changes);
      this.running = (this.running ?? Promise.resolve()).then(() => this.begin()).catch((error) => this.say(`It failed: ${error.message}`));
      return this.running;
    }

    async begin() {
      const { stage, before, flags, text, isShell } = this.settings;
      this.say("Loading …");
      this.root.setAttribute("aria-busy", "true");
      await loadParts();
      await this.end();
      this.panes.clear();
      this.grid.replaceChildren();
      this.inside.replaceChildren();
      const numbers = this.isPair ? [before, stage] : [stage];
      const args = tryIt.splitArgs(flags ?? "");
      this.servers = numbers.map((number) => new Server(number, this.build, args, {}));
      for (const server of this.servers) await server.start();
      this.showFiles();
      if (this.hasReplica) await this.follow(REPLICA);
      // What a transcript shows was said to a server without a replica.
      const differing = text && !this.hasReplica ? await this.play(isShell ? tryIt.readShellSteps(text) : tryIt.readSteps(text)) : null;
      if (!this.panes.size) this.pane("main");
      this.root.removeAttribute("aria-busy");
      this.say(this.summary(differing));
      const focused = [...this.panes.values()].at(-1).input;
      if (this.root.contains(document.activeElement) || document.activeElement === this.opener) focused.focus({ preventScroll: true });
    }

    summary(differing) {
      const who = this.isLinked ? "Primary and replica are" : this.isPair ? `Stages ${this.settings.before} and ${this.settings.stage} are` : `Stage ${this.settings.stage} is`;
      const listening = `${who} listening. Type a command.`;
      if (differing === null) return listening;
      if (differing.length) return `${differing.length} of the replies differ from the chapter's: ${differing.join(", ")}. ${listening}`;
      return `Played, with the chapter's replies. ${listening}`;
    }

    // A second server, which follows the first, and what goes between them.
    async follow(args) {
      const [{ number, stage }] = this.servers;
      this.servers[0].label = "primary";
      const { network, clock } = stage;
      const replica = new Server(number, this.build, args, { network, clock, label: "replica" });
      Object.assign(this.servers[0].shared, { network, clock });
      this.servers.push(replica);
      const link = new tryIt.Link(network, [...network.listeners.keys()][0]);
      await replica.start();
      this.replicaBox.checked = true;
      this.showFiles();
      this.inside.prepend(link.root);
      this.label(this.pane("main"), "primary");
      this.pane("replica");
    }

    // The servers that a connection goes to.
    serversOf(name) {
      if (!this.isLinked) return this.servers;
      return [this.servers[name.startsWith("replica") ? 1 : 0]];
    }

    get isLinked() {
      return this.servers[1]?.label === "replica";
    }

    showFiles() {
      const having = this.servers.filter(({ number }) => Number(number) >= FIRST_WITH_FILES);
      this.inside.querySelector(".try-files")?.remove();
      if (having.length) this.inside.append(new tryIt.Files(having).root);
    }

    // Those of all servers, each once.
    get clocks() {
      return new Set(this.servers.map(({ stage }) => stage.clock));
    }

    async end() {
      await this.halt();
      this.servers = [];
    }

    async close() {
      this.root.remove();
      this.opener.setAttribute("aria-expanded", "false");
      this.opener.hidden = false;
      this.opener.focus();
      await this.running;
      await this.end();
    }

    // Panes

    pane(name) {
      const found = this.panes.get(name);
      if (found) return found;
      const servers = this.serversOf(name);
      const outputs = servers.map(({ number }) =>
        element("div", { class: "try-output", role: "log", tabindex: "0", "aria-label": `Stage ${number}, connection ${name}`, "data-stage": number }));
      const input = element("input", { type: "text", autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false", enterkeyhint: "send" });
      const prompt = element("span", { class: "try-prompt", "aria-hidden": "true" });
      const root = element("div", { class: "try-pane", role: "group" });
      const pane = { name, outputs, input, prompt, root, history: [], at: 0 };
      input.addEventListener("keydown", (event) => this.recall(pane, event));
      const form = element("form", { onsubmit: (event) => this.submit(pane, event) });
      form.append(prompt, input, element("button", {}, "Send"));
      const sides = element("div", { class: "try-sides" });
      outputs.forEach((output, i) => {
        const heading = this.isPair ? [element("p", { class: "try-which" }, `Stage ${servers[i].number}`)] : [];
        sides.append(element("div", {}, ...heading, output));
      });
      root.append(sides, form);
      this.grid.append(root);
      this.panes.set(name, pane);
      this.label(pane, name);
      return pane;
    }

    label({ root, input, prompt }, name) {
      root.setAttribute("aria-label", `Connection ${name}`);
      input.setAttribute("aria-label", `Command of connection ${name}`);
      prompt.textContent = name === "main" ? ">" : `${name}>`;
    }

    lines(name) {
      const { outputs } = this.pane(name);
      return this.serversOf(name).map((server, i) => {
        const isNew = !server.lines.get(name)?.isOpen;
        const line = server.line(name, outputs[i]);
        if (isNew && this.protocol === "3" && !line.raw) line.send(tryIt.encodeCommand(["HELLO", "3"]), "HELLO 3");
        return line;
      });
    }

    send(name, text) {
      const raw = name.startsWith("raw");
      const args = raw ? [] : tryIt.splitArgs(text);
      if (!raw && !args.length) return;
      const bytes = raw ? tryIt.rawBytes(text) : tryIt.encodeCommand(args);
      for (const line of this.lines(name)) line.send(bytes, `${name === "main" ? "" : name}> ${text}`);
    }

    submit(pane, event) {
      event.preventDefault();
      const text = pane.input.value;
      if (!text.trim()) return;
      try {
        this.send(pane.name, text);
        pane.history.push(text);
        pane.at = pane.history.length;
        pane.input.value = "";
        this.say("");
      } catch (error) {
        this.say(`Not sent: ${error.message}`);
      }
    }

    recall(pane, event) {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      pane.at = Math.min(Math.max(pane.at + step, 0), pane.history.length);
      pane.input.value = pane.history[pane.at] ?? "";
    }

    suggest(name) {
      const { input } = this.pane("main");
      input.value = `${name} `;
      input.focus();
    }

    another(kind) {
      let number = 2;
      while (this.panes.has(`${kind}${number}`)) number++;
      const { input } = this.pane(`${kind}${number}`);
      if (kind === "raw") input.placeholder = "bytes, as in PI or NG\\r\\n";
      input.focus();
    }

    speak(version) {
      this.protocol = version;
      for (const server of this.servers)
        for (const line of server.lines.values())
          if (line.isOpen && !line.raw) line.send(tryIt.encodeCommand(["HELLO", version]), `> HELLO ${version}`);
    }

    advance(ms) {
      for (const clock of this.clocks) clock.advance(ms);
      this.say(`The clock is ${ms / 1000} s further.`);
    }

    // A transcript

    // Returns the steps whose replies by the stage are not as the transcript shows them.
    async play(steps) {
      const differing = [];
      if (steps[0]?.kind === "server") await this.halt();
      for (const step of steps) {
        const lines = await this.perform(step);
        if (!tryIt.isAsShown(step, lines)) differing.push(step.source);
      }
      return differing;
    }

    // A transcript that starts its server itself finds none.
    async halt() {
      for (const server of this.servers) await server.stop("SIGKILL");
    }

    async perform(step) {
      const { kind, connection, text } = step;
      if (kind === "pause") {
        for (const clock of this.clocks) clock.advance(Number(text) * 1000);
        await settled();
        return [];
      }
      if (kind === "server") return this.tellServers(text, step.want);
      if (kind === "shell" || kind === "replica" || kind === "connected") return this.inShell(step);
      if (kind === "command" || kind === "raw") this.send(connection, text);
      const lines = this.lines(connection);
      if (text === "(half-close)") for (const line of lines) line.client.end();
      if (text === "(close)") {
        for (const server of this.serversOf(connection)) {
          server.lines.get(connection).client.close();
          server.lines.delete(connection);
        }
        await settled();
        return [];
      }
      return this.collect(lines.at(-1), step.want);
    }

    // What has come on a connection, when as much has come as the transcript shows.
    async collect(line, want) {
      const count = want.filter((one) => one !== "(no reply)").length;
      await settled();
      for (const began = performance.now(); line.unread.length < count && performance.now() - began < LATE_MS; ) await settled();
      return line.unread.splice(0);
    }

    async tellServers(text, want) {
      const [verb, ...words] = tryIt.splitArgs(text);
      let said = want;
      for (const server of this.servers) {
        const args = !words.length || words[0].startsWith("-") ? [...server.args, ...words] : words;
        if (verb === "write") server.stage.disk.write(`/data/${words[0]}`, tryIt.toBytes(words[1]));
        else if (verb === "start") this.note(`! ${text}`, (said = await server.start(args)));
        else await server.stop(verb === "stop" ? "SIGTERM" : "SIGKILL");
      }
      return said;
    }

    // What a transcript of a shell does beside redis-cli.
    async inShell({ kind, text, source, want }) {
      if (kind === "replica" && !this.isLinked) await this.follow(tryIt.splitArgs(text));
      if (kind === "connected") await this.linkIsUp();
      const { outputs: [output] } = this.pane("main");
      output.append(this.remark([kind === "shell" ? `${source}   (in a shell of your own)` : source]));
      return want;
    }

    async linkIsUp() {
      const asking = this.servers[1].stage.connect();
      let said = "";
      asking.onbytes = (bytes) => (said += tryIt.toText(bytes));
      for (const began = performance.now(); !said.includes("connected") && performance.now() - began < LATE_MS; ) {
        asking.send("ROLE\r\n");
        await new Promise((done) => setTimeout(done, 50));
      }
      asking.close();
    }

    remark(lines) {
      return element("div", { class: "remark" }, element("pre", {}, lines.join("\n")));
    }

    note(text, lines) {
      for (const { outputs } of this.panes.values()) for (const output of outputs) output.append(this.remark([text, ...lines]));
    }
  }

  // The buttons

  // The text of a transcript, and of those before it whose server it goes on with.
  function textOf(place) {
    if ("shell" in place.dataset) return place.querySelector("pre").textContent;
    const all = [...document.querySelectorAll(".transcript:not([data-shell])")];
    const texts = [];
    for (let at = all.indexOf(place); at >= 0; at--) {
      texts.unshift(all[at].querySelector("pre").textContent);
      if (!("continue" in all[at].dataset)) return texts.join("\n");
    }
    return texts.join("\n");
  }

  function offer(place, title) {
    const { stage, before, flags, commands, shell } = place.dataset;
    const button = element("button", { type: "button", class: "try-open", "aria-expanded": "false" }, title);
    button.addEventListener("click", () => {
      const text = commands === undefined ? textOf(place) : "";
      const isShell = shell !== undefined;
      const opened = new Console({ stage, before, flags, text, isShell, suffix: "", commands: commands?.split(",").filter(Boolean) }, button);
      button.setAttribute("aria-expanded", "true");
      place.append(opened.root);
      opened.restart({}).then(() => (button.hidden = true));
    });
    place.append(button);
  }

  function offerAll() {
    for (const place of document.querySelectorAll(".transcript")) offer(place, "Try it");
    for (const place of document.querySelectorAll(".try-pair")) offer(place, place.dataset.before ? "Try both stages" : "Try it");
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", offerAll);
  else offerAll();
}
