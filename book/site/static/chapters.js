// Chapters: what is folded is printed too, and "/" searches.
"use strict";

let opened = [];

addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const one of opened) one.open = true;
});

addEventListener("afterprint", () => {
  for (const one of opened) one.open = false;
});

// A link to something folded opens it.
function unfold() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const folded = target.querySelector(":scope > details");
  if (folded && target.classList.contains("quote")) folded.open = true;
  let closed = false;
  for (let at = target; at; at = at.parentElement)
    if (at.tagName === "DETAILS" && !at.open) closed = at.open = true;
  if (closed) target.scrollIntoView();
}

function onKey(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  event.preventDefault();
  document.querySelector(".sidebar-search")?.focus();
}

addEventListener("DOMContentLoaded", unfold);
addEventListener("hashchange", unfold);
document.addEventListener("keydown", onKey);
