// The search page: below each page that was found, the places in it that say the word.
// The texts come with searched.js, a script, so that this works from file:// too.
"use strict";

const PLACES = 6; // for each page
const AROUND = 90; // characters shown on either side

// Words that Sphinx found by their stem: "rehashing" finds "rehash".
function stems(query) {
  const words = query.toLowerCase().split(/[^\p{L}\p{N}_]+/u).filter((word) => word.length > 1);
  const stemmer = new Stemmer();
  return words.map((word) => {
    const stem = stemmer.stemWord(word);
    return word.startsWith(stem) ? stem : word;
  });
}

function append(parent, tag, text, classes) {
  const child = parent.appendChild(document.createElement(tag));
  if (classes) child.className = classes;
  if (text) child.textContent = text;
  return child;
}

// Text with the words in it marked.
function marked(parent, text, words) {
  const lower = text.toLowerCase();
  let at = 0;
  for (;;) {
    const next = words
      .map((word) => [lower.indexOf(word, at), word.length])
      .filter(([where]) => where >= 0)
      .sort((a, b) => a[0] - b[0])[0];
    if (!next) break;
    parent.append(text.slice(at, next[0]));
    append(parent, "mark", text.slice(next[0], next[0] + next[1]));
    at = next[0] + next[1];
  }
  parent.append(text.slice(at));
}

// Code shows the line; prose what stands around the word.
function said(text, where, isCode) {
  if (isCode) {
    const first = text.lastIndexOf("\n", where) + 1;
    const last = text.indexOf("\n", where);
    return text.slice(first, last < 0 ? text.length : last).trim();
  }
  let from = Math.max(0, where - AROUND);
  let to = Math.min(text.length, where + AROUND);
  while (from > 0 && !/\s/.test(text[from])) from--;
  while (to < text.length && !/\s/.test(text[to])) to++;
  const cut = text.slice(from, to).replace(/\s+/g, " ").trim();
  return (from > 0 ? "… " : "") + cut + (to < text.length ? " …" : "");
}

// Where the first of the words stands in a text, and how many of them do.
function look(text, words) {
  const lower = text.toLowerCase();
  const hits = words.map((word) => lower.indexOf(word)).filter((where) => where >= 0);
  return { count: hits.length, where: Math.min(...hits) };
}

// What is said comes before code, and more of the words before fewer.
function placesIn(page, words) {
  const found = [];
  for (const [anchor, heading, prose, code] of SEARCHED[page] || []) {
    const inProse = look(prose, words);
    const inCode = look(code, words);
    const isCode = inCode.count > inProse.count;
    const { count, where } = isCode ? inCode : inProse;
    const inHeading = look(heading, words).count;
    const text = count ? said(isCode ? code : prose, where, isCode) : "";
    const rank = count + inHeading + (isCode ? 0 : 0.5);
    if (count || inHeading) found.push({ rank, anchor, heading, text, isCode });
  }
  return found.sort((a, b) => b.rank - a.rank);
}

function tell(item, words) {
  const link = item.querySelector("a");
  const url = new URL(link.href);
  // A hit in a title has its place already.
  if (url.hash || item.querySelector(".places")) return;
  const root = new URL(document.documentElement.dataset.content_root, location.href).href;
  const page = link.href.slice(root.length).split(/[?#]/)[0].replace(/\.html$/, "");
  const found = placesIn(decodeURIComponent(page), words);
  if (!found.length) return;
  const list = append(item, "ul", "", "places");
  for (const { anchor, heading, text, isCode } of found.slice(0, PLACES)) {
    const place = append(list, "li");
    append(place, "a", heading).href = `${link.href.split(/[?#]/)[0]}#${anchor}`;
    if (text) marked(append(place, "span", "", isCode ? "said code" : "said"), text, words);
  }
  if (found.length > PLACES) append(list, "li", `and in ${found.length - PLACES} more places`);
}

document.addEventListener("DOMContentLoaded", () => {
  const results = document.getElementById("search-results");
  const query = new URLSearchParams(location.search).get("q");
  if (!results || !query) return;
  const words = stems(query);
  if (!words.length) return;
  const update = () => {
    for (const item of results.querySelectorAll("ul.search > li")) tell(item, words);
  };
  new MutationObserver(update).observe(results, { childList: true, subtree: true });
  update();
});
