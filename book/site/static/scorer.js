// What a chapter says comes before the code that says it again.
"use strict";

const CHAPTER_FIRST = 50;

var Scorer = {
  score: ([page, , , , score]) => (page.startsWith("history/") ? score : score + CHAPTER_FIRST),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
