// @ts-check
/** Documents and weeks of the settings: put, merged, folded together. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { contrast, textOn } from "../../handoff_service/web/console/sections/settings/contrast.js";
import {
  listOf,
  merge,
  numberOf,
  put,
  rename,
  same,
} from "../../handoff_service/web/console/sections/settings/documents.js";
import {
  daysOf,
  hoursOf,
  pairsOf,
  spansOf,
} from "../../handoff_service/web/console/sections/settings/week.js";

test("a value is put in its place, and taken away with what it leaves empty", () => {
  const document = { topics: { order: { skill: "orders" } } };

  assert.deepEqual(put(document, ["topics", "order", "level"], 2), {
    topics: { order: { skill: "orders", level: 2 } },
  });
  assert.deepEqual(put(document, ["topics", "order", "skill"], undefined), {});
  assert.deepEqual(document, { topics: { order: { skill: "orders" } } }, "the old one stands");
});

test("a name is replaced where it stands", () => {
  assert.deepEqual(Object.keys(rename({ a: 1, b: 2, c: 3 }, "b", "x")), ["a", "x", "c"]);
});

test("changes of two people at different places are joined", () => {
  const seen = { zone: "UTC", hours: { mon: "9" }, topics: ["a"] };
  const mine = { zone: "UTC", hours: { mon: "10" }, topics: ["a"] };
  const theirs = { zone: "Asia/Seoul", hours: { mon: "9", tue: "9" } };

  const { document, both } = merge(seen, mine, theirs);

  assert.deepEqual(document, { zone: "Asia/Seoul", hours: { mon: "10", tue: "9" } });
  assert.deepEqual(both, []);
});

test("of changes at the same place mine holds, and it is named", () => {
  const { document, both } = merge({ a: { b: 1 } }, { a: { b: 2 } }, { a: { b: 3 } });

  assert.deepEqual(document, { a: { b: 2 } });
  assert.deepEqual(both, ["a.b"]);
  assert.deepEqual(merge({ a: 1 }, { a: 2 }, { a: 2 }).both, [], "both the same is no conflict");
});

test("the order of names is nothing, the order of a list is something", () => {
  assert.ok(same({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }));
  assert.ok(!same([1, 2], [2, 1]));
  assert.ok(!same({ a: undefined }, { b: undefined }));
});

test("a week folds days in a row that say the same", () => {
  const hours = { "mon-fri": "09:00-18:00", sun: "closed" };
  const days = daysOf(hours);

  assert.equal(days.join(), "09:00-18:00,09:00-18:00,09:00-18:00,09:00-18:00,09:00-18:00,,");
  assert.deepEqual(hoursOf(days), { "mon-fri": "09:00-18:00" });
  assert.deepEqual(hoursOf(days.with(2, "")), {
    "mon-tue": "09:00-18:00",
    "thu-fri": "09:00-18:00",
  });
  assert.deepEqual(hoursOf(daysOf({})), { "mon-sun": "closed" });
  assert.equal(daysOf({ "sat-mon": "1" }).join(), "1,,,,,1,1", "a range may run over the end");
});

test("hours are pairs of times, midnight at their end is 24:00", () => {
  assert.deepEqual(pairsOf("9:00-12:30, 13:00-24:00"), [
    ["09:00", "12:30"],
    ["13:00", "00:00"],
  ]);
  assert.equal(spansOf(pairsOf("9:00-12:30, 13:00-24:00")), "09:00-12:30, 13:00-24:00");
});

test("what is written becomes a list or a number, or stays for the server to name", () => {
  assert.deepEqual(listOf(" a \n\n b", /\n/), ["a", "b"]);
  assert.equal(listOf(" \n"), undefined);
  assert.equal(numberOf(" 0.2 "), 0.2);
  assert.equal(numberOf("soon"), "soon");
  assert.equal(numberOf(""), undefined);
});

test("contrast is as WCAG defines it, and text is what is read best", () => {
  assert.equal(contrast("#000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#fff").toFixed(2), "4.48");
  assert.equal(textOn("#ffee00"), "#000000");
  assert.equal(textOn("#0b6e5f"), "#ffffff");
});
