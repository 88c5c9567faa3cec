// When the site may speak first, and when it must not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { due } from "../../handoff_service/web/widget/proactive.js";

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
const here = { path: "/cart", title: "Cart", seconds: 30, visits: 2, locale: "ru" };
const fresh = { visits: 1, seen: NOW, began: NOW - 60_000, until: 0, off: 0, shown: [] };

/** @param {any} rule @param {any} [more] of plan, facts, memory */
function said(rule, { plan = {}, facts = {}, memory = {} } = {}) {
  const caps = [
    [DAY, 1],
    [7 * DAY, 2],
  ];
  const whole = { rules: [{ id: "r", text: {}, when: [], ...rule }], caps, snooze: 14 * DAY };
  return due({ ...whole, ...plan }, { ...here, ...facts }, { ...fresh, ...memory }, NOW)?.id;
}

for (const [what, when, facts, expected] of /** @type {any[][]} */ ([
  ["a path that fits", ["path", "^/cart$"], {}, "r"],
  ["another path", ["path", "^/cart$"], { path: "/cart/pay" }, undefined],
  ["a path left out", ["path", "^(?!/cart$)"], {}, undefined],
  ["long enough on the page", ["seconds", 30], {}, "r"],
  ["not yet long enough", ["seconds", 30], { seconds: 29 }, undefined],
  ["somebody who came back", ["visits", 2], {}, "r"],
  ["a first visit", ["visits", 2], { visits: 1 }, undefined],
  ["a language", ["locale", "^(ru|ko)$"], {}, "r"],
  ["another language", ["locale", "^ko$"], {}, undefined],
  ["an event that has not come", ["@cart.$", 1], {}, undefined],
  ["an event", ["@cart.$", 1], { "@cart": { $: 1 } }, "r"],
  ["a cart that is full enough", ["@cart.value", 100], { "@cart": { value: 100 } }, "r"],
  ["a cart that is not", ["@cart.value", 100], { "@cart": { value: 99 } }, undefined],
  ["a cart with too much in it", ["@cart.value", 50, 1], { "@cart": { value: 99 } }, undefined],
  ["a cart of unknown value", ["@cart.value", 100], { "@cart": {} }, undefined],
]))
  test(`${what} ${expected ? "fits" : "does not fit"}`, () => {
    assert.equal(said({ when: [when] }, { facts }), expected);
  });

test("the first rule that fits is said", () => {
  const rules = [
    { id: "no", when: [["seconds", 99]] },
    { id: "first", when: [] },
    { id: "second", when: [] },
  ];

  assert.equal(said({}, { plan: { rules } }), "first");
});

for (const [what, memory, expected] of /** @type {any[][]} */ ([
  ["one today is enough", { shown: [["x", NOW - DAY + 1]] }, undefined],
  ["a day later there may be another", { shown: [["x", NOW - DAY]] }, "r"],
  [
    "two in a week are enough",
    {
      shown: [
        ["x", NOW - 2 * DAY],
        ["y", NOW - 3 * DAY],
      ],
    },
    undefined,
  ],
  ["after a dismissal it is silent", { until: NOW + 1 }, undefined],
  ["a dismissal is forgotten in time", { until: NOW }, "r"],
]))
  test(what, () => {
    assert.equal(said({}, { memory }), expected);
  });

test("the same rule is said again after its time, or in another visit", () => {
  const plan = { rules: [{ id: "r", when: [] }], caps: [] };
  const shown = [["r", NOW - 3 * DAY]];
  const every = (/** @type {number} */ days) => ({
    plan: { ...plan, rules: [{ id: "r", when: [], every: days * DAY }] },
    memory: { shown },
  });

  assert.equal(said({}, every(4)), undefined);
  assert.equal(said({}, every(2)), "r");
  assert.equal(said({}, { plan, memory: { shown } }), "r");
  assert.equal(said({}, { plan, memory: { shown, began: NOW - 4 * DAY } }), undefined);
});
