// Difference and history pages: colours, one column or two, and the keyboard.
"use strict";

// Storage may be missing where a page is opened from a file.
const kept = {
  get(name) {
    try { return localStorage.getItem(name); } catch { return null; }
  },
  set(name, value) {
    try { localStorage.setItem(name, value); } catch { /* not kept */ }
  },
};

const body = document.body;
const parts = () => [...document.querySelectorAll(".part")];

// --- Colours: the same setting as the chapters'.

const THEMES = ["auto", "light", "dark"];

function nextTheme() {
  const next = THEMES[(THEMES.indexOf(body.dataset.theme) + 1) % THEMES.length];
  body.dataset.theme = next;
  kept.set("theme", next);
}

// --- Unified or side by side. A narrow window begins unified.

function show(view) {
  body.dataset.view = view;
  for (const button of document.querySelectorAll(".view button"))
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
}

function choose(view) {
  const part = current();
  show(view);
  kept.set("view", view);
  if (part) part.scrollIntoView();
}

function firstView() {
  if (matchMedia("(max-width: 900px)").matches) return "unified";
  return kept.get("view") || (matchMedia("(min-width: 1500px)").matches ? "split" : "unified");
}

// --- From piece to piece.

function current() {
  return document.querySelector(".part.current");
}

function go(part) {
  for (const other of document.querySelectorAll(".part.current")) other.classList.remove("current");
  part.classList.add("current");
  part.focus({ preventScroll: true });
  part.scrollIntoView({ block: "start" });
}

// Without a current piece, the one that the window shows first is where we are.
function place(all) {
  const now = all.indexOf(current());
  if (now >= 0) return now;
  const bar = Math.max(document.querySelector(".bar").getBoundingClientRect().bottom, 0) + 8;
  const below = all.findIndex((part) => part.getBoundingClientRect().top >= bar);
  return below < 0 ? all.length - 0.5 : below - 0.5;
}

function move(step) {
  const all = parts();
  const at = place(all);
  const to = step > 0 ? Math.floor(at) + 1 : Math.ceil(at) - 1;
  if (all[to]) return go(all[to]);
  const link = document.querySelector(`link[rel="${step > 0 ? "next" : "prev"}"]`);
  if (link) location.href = link.href + (step > 0 ? "#first" : "#last");
}

// A quote of a chapter leads to a name that knows its line.
function aim(target) {
  const line = target.dataset.line;
  if (!line) return target;
  const block = target.closest(".part, .gap") || document;
  const row = [...block.querySelectorAll(`.row[data-n="${line}"]:not(.gone)`)]
    .filter((one) => !one.closest(".old") && one.offsetParent)[0];
  row?.classList.add("aimed");
  return row || target;
}

function arrive() {
  const all = parts();
  for (const old of document.querySelectorAll(".aimed")) old.classList.remove("aimed");
  if (location.hash === "#first" && all.length) return go(all[0]);
  if (location.hash === "#last" && all.length) return go(all[all.length - 1]);
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named) return;
  for (let at = named; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  const part = named.closest(".part");
  if (part) go(part);
  const target = aim(named);
  if (target !== part && target.offsetParent) target.scrollIntoView({ block: "center" });
}

// --- The keyboard.

const KEYS = {
  j: () => move(1),
  n: () => move(1),
  k: () => move(-1),
  p: () => move(-1),
  s: () => choose(body.dataset.view === "split" ? "unified" : "split"),
  "/": () => document.querySelector(".find input").focus(),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return document.activeElement.blur();
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function toggleFiles(event) {
  const open = body.classList.toggle("show-files");
  event.currentTarget.setAttribute("aria-expanded", String(open));
}

show(firstView());
document.addEventListener("keydown", onKey);
document.querySelector(".theme").addEventListener("click", nextTheme);
document.querySelector(".files-button").addEventListener("click", toggleFiles);
for (const button of document.querySelectorAll(".view button"))
  button.addEventListener("click", () => choose(button.dataset.view));
document.querySelector('nav.files [aria-current="page"]')?.scrollIntoView({ block: "nearest" });
addEventListener("hashchange", arrive);

// A test that is linked to is shown with its transcript.
function unfold() {
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named instanceof HTMLDetailsElement) {
    named.open = true;
    named.scrollIntoView();
  }
}
addEventListener("hashchange", unfold);
unfold();
arrive();
