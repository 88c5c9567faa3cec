// @ts-check
/** The section Learning: the queue of groups, decisions on their way, diffs, names, figures. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../handoff_service/web/console/api.js";
import {
  figuresOf,
  reasonOf,
  toTakeBack,
} from "../../handoff_service/web/console/sections/learning/candidates/report.js";
import { readDiff } from "../../handoff_service/web/console/sections/learning/changes/diff.js";
import { dayOf } from "../../handoff_service/web/console/sections/learning/review/day.js";
import {
  bringBack,
  drop,
  EMPTY,
  lookedAt,
  move,
  take,
} from "../../handoff_service/web/console/sections/learning/review/queue.js";
import { createSender } from "../../handoff_service/web/console/sections/learning/review/sending.js";
import { placesOf } from "../../handoff_service/web/console/sections/learning/split/interval.js";
import { pointsOf } from "../../handoff_service/web/console/sections/learning/topics/trend.js";
import {
  nameFrom,
  nameProblem,
} from "../../handoff_service/web/console/sections/learning/words.js";

/** @param {number[]} ids @param {object} [more] @returns {any} what the server answers */
function answerOf(ids, more = {}) {
  const groups = ids.map((group_id) => ({ group_id, example: {}, turns: 1 }));
  return { groups, open: ids.length, agreement: null, after: null, ...more };
}

/** @param {import("../../handoff_service/web/console/sections/learning/review/queue.js").Queue} queue */
const idsOf = (queue) => queue.groups.map(({ group_id }) => group_id);

test("a decided group makes room for the next, and comes back where it was looked at", () => {
  const begun = take(EMPTY, answerOf([1, 2, 3]));
  assert.equal(lookedAt(begun)?.group_id, 1);

  const decided = drop(move(begun, 1), 2);
  assert.deepEqual([idsOf(decided), decided.current, decided.open], [[1, 3], 3, 2]);

  const [, group] = begun.groups;
  assert.ok(group);
  const undone = bringBack(decided, group);
  assert.deepEqual([idsOf(undone), undone.current, undone.open], [[1, 2, 3], 2, 3]);
  assert.equal(drop(drop(drop(undone, 1), 2), 3).current, null, "nothing is left");
});

test("news move nothing under who reads, and bring back nothing that was decided", () => {
  const begun = drop(take(EMPTY, answerOf([1, 2, 3])), 2);
  const fresh = take(begun, answerOf([9, 3, 2, 1], { open: 4 }));
  assert.deepEqual([idsOf(fresh), fresh.current, fresh.open], [[1, 3, 9], 1, 4]);
});

test("the next page begins where the last one ended, whatever is read again meanwhile", () => {
  const begun = take(EMPTY, answerOf([1], { after: "p1" }));
  const again = take(begun, answerOf([1], { after: "p1b" }));
  assert.equal(again.after, "p1");
  const more = take(again, answerOf([2], { after: null }), true);
  assert.deepEqual([idsOf(more), more.after], [[1, 2], null]);
});

/** A server that answers as told, and what it was asked. */
function sending() {
  /** @type {string[]} */
  const asked = [];
  /** @type {(() => void)[]} */
  const later = [];
  /** @type {any[]} */
  let kept = [];
  /** @type {(Error|null)[]} */
  const answers = [];
  let made = 0;
  const ask = async (/** @type {string} */ what) => {
    asked.push(what);
    const problem = answers.shift();
    if (problem) throw problem;
  };
  const make = () =>
    createSender({
      post: async (path, /** @type {any} */ { verdict }) => {
        await ask(`${verdict} ${path}`);
        made += 1;
        return { decision_id: `d${made}` };
      },
      del: (path) => ask(`take back ${path}`),
      store: { read: () => kept, write: (steps) => (kept = [...steps]) },
      later: (run) => later.push(run),
    });
  return { asked, answers, later, make, kept: () => kept };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("decisions go out one after the other; one that is not on its way yet is never sent", async () => {
  const { asked, make, kept } = sending();
  const sender = make();
  sender.decide(1, { verdict: "right" });
  const second = sender.decide(2, { verdict: "spam" });
  sender.withdraw(second);
  await settled();
  assert.deepEqual(asked, ["right /api/learning/groups/1/decisions"]);
  assert.deepEqual(kept(), []);
});

test("a decision that has arrived is taken back by its name, one that is on its way too", async () => {
  const { asked, make } = sending();
  const sender = make();
  const first = sender.decide(1, { verdict: "right" });
  await settled();
  sender.withdraw(first);
  const second = sender.decide(2, { verdict: "right" });
  await settled();
  const third = sender.decide(3, { verdict: "right" });
  sender.withdraw(third); // it is under way by now
  await settled();
  assert.deepEqual(asked.slice(1), [
    "take back /api/learning/decisions/d1",
    "right /api/learning/groups/2/decisions",
    "right /api/learning/groups/3/decisions",
    "take back /api/learning/decisions/d3",
  ]);
  assert.ok(second > first);
});

test("a network that fails loses nothing, not even over a reload", async () => {
  const { asked, answers, later, make, kept } = sending();
  answers.push(new TypeError("no network"), new ApiError("unavailable", 503));
  const sender = make();
  sender.decide(7, { verdict: "ignore" });
  await settled();
  assert.deepEqual([sender.waiting(), sender.failing(), later.length], [1, true, 1]);
  assert.equal(kept().length, 1);

  const reloaded = make(); // another page of this tab finds what waits
  reloaded.tell({ changed() {}, refused() {} });
  await settled();
  later.at(-1)?.();
  await settled();
  assert.equal(asked.length, 3);
  assert.deepEqual([reloaded.waiting(), reloaded.failing()], [0, false]);
});

test("a refusal is told once and does not hold up the others", async () => {
  const { asked, answers, make } = sending();
  answers.push(new ApiError("not_found", 404));
  const sender = make();
  /** @type {any[]} */
  const refused = [];
  sender.tell({
    changed() {},
    refused: (step, problem) => refused.push([step.id, problem.code]),
  });
  const first = sender.decide(1, { verdict: "right" });
  sender.decide(2, { verdict: "right" });
  await settled();
  sender.withdraw(first); // there is nothing to take back
  await settled();
  assert.deepEqual(refused, [[first, "not_found"]]);
  assert.equal(asked.length, 2);
});

test("the count of the day begins anew every day, and survives what is not ours", () => {
  const store = new Map([["baton-learning-day-a", "{broken"]]);
  const kept = {
    getItem: (/** @type {string} */ name) => store.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ text) => void store.set(name, text),
  };
  let now = new Date("2026-11-23T23:59:00");
  const day = dayOf("a", kept, () => now);
  assert.equal(day.count(), 0);
  day.add(1);
  day.add(1);
  day.add(-1);
  assert.equal(dayOf("a", kept, () => now).count(), 1);
  now = new Date("2026-11-24T00:00:00");
  assert.equal(day.count(), 0);
});

test("a diff is read with the numbers of both sides", () => {
  const lines = readDiff(
    "--- a/x\n+++ b/x\n@@ -3,2 +3,3 @@ nlu:\n a\n-b\n+- c\n+--- d\n\\ No newline at end\n",
  );
  assert.deepEqual(
    lines.map(({ kind, text, before, after }) => [kind, text, before, after]),
    [
      ["hunk", "nlu:", null, null],
      ["same", "a", 3, 3],
      ["removed", "b", 4, null],
      ["added", "- c", null, 4],
      ["added", "--- d", null, 5],
    ],
  );
  assert.deepEqual(readDiff(""), []);
});

test("the name of a new intent is made from words, and checked", () => {
  assert.equal(nameFrom("Gift cards, vouchers"), "ask_gift_cards_vouchers");
  assert.equal(nameFrom("ask_order"), "ask_order");
  assert.equal(nameFrom("подарочные карты"), "");
  for (const name of ["gift", "ask_", "ask_Gift", "ask__gift", "ask_gift_", "ask_gift2"])
    assert.equal(nameProblem(name, []), "name_form", name);
  assert.equal(nameProblem("ask_order", ["ask_order"]), "name_taken");
  assert.equal(nameProblem("ask_gift", ["ask_order"]), "");
});

test("a report shows the sets that were asked, and those alone", () => {
  const share = { share: 0.9, low: 0.8, high: 0.95 };
  const tally = { n: 40, base: null, candidate: share, worse: 1, better: 2 };
  const none = { ...tally, n: 0 };
  const report = {
    understanding: { known: { ...tally, out_of_scope: { recall: none } }, held_out: none },
  };
  assert.deepEqual(figuresOf(report), [
    { name: "known", n: 40, base: null, ...share, worse: 1, better: 2 },
  ]);
  assert.deepEqual(figuresOf({}), []);
});

test("a reason that has no sentence of ours is told in the server's words", () => {
  const t = (/** @type {string} */ key, /** @type {any} */ values = {}) =>
    key === "refused_slower" ? `slower: ${values.ratio}` : key;
  assert.equal(reasonOf({ code: "slower", args: { ratio: 2 }, text: "x" }, t), "slower: 2");
  assert.equal(reasonOf({ code: "so_new", args: {}, text: "something new" }, t), "something new");
});

test("lines and intervals stay inside their drawings", () => {
  assert.equal(pointsOf([0, 2, 1], 100, 20), "0,20 50,0 100,10");
  assert.equal(pointsOf([0], 100, 20), "0,20");
  const { edge, x, from, to } = placesOf({ difference: 0, low: -0.2, high: 0.1 }, 200);
  assert.deepEqual([edge, x, from, to], [0.2, 100, 0, 150]);
});

test("a rollback takes back the latest that still stands", () => {
  const promote = { release_id: "r1", action: "promote", state: "done", takes_back: "" };
  const second = { ...promote, release_id: "r2" };
  const back = { release_id: "r3", action: "rollback", state: "done", takes_back: "r2" };
  const found = (/** @type {any[]} */ releases) => toTakeBack(releases)?.release_id;
  assert.equal(found([second, promote]), "r2");
  assert.equal(found([back, second, promote]), "r1");
  assert.equal(found([{ ...second, state: "undone" }, promote]), "r1");
  assert.equal(found([{ ...back, takes_back: "r1" }, promote]), undefined);
});
