// @ts-check
/** What presses, until when a conversation can be set aside, and whom it can be passed on to. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parkTimes } from "../../handoff_service/web/console/park.js";
import { targetsOf } from "../../handoff_service/web/console/transfer.js";
import { unansweredSince, urgencyOf } from "../../handoff_service/web/console/urgency.js";

/** @param {string} key @param {object} [values] */
const t = (key, values) => (values ? `${key} ${Object.values(values).join("/")}` : key);

/** @param {string} author @param {number} at_ms */
const said = (author, at_ms) => event("message.posted", at_ms, { author });
/** @param {string} type @param {number} at_ms @param {object} [data] */
const event = (type, at_ms, data = {}) =>
  /** @type {any} */ ({ conversation_id: "c", seq: at_ms, epoch: 1, type, at_ms, data });

test("a wait presses from half of what was promised on", () => {
  assert.deepEqual(
    [0, 29, 30, 59, 60, 600].map((waited) => urgencyOf(waited, 60)),
    ["calm", "calm", "soon", "soon", "late", "late"],
  );
  assert.equal(urgencyOf(10 ** 9, null), "calm");
});

test("a customer waits from their first unanswered word on, and for the first one of an agent", () => {
  const taken = event("handoff.assigned", 5);
  assert.equal(unansweredSince([said("customer", 1), said("bot", 2)]), null);
  assert.equal(unansweredSince([said("customer", 1), taken]), 5);
  assert.equal(unansweredSince([taken, said("agent", 6)]), null);
  assert.equal(
    unansweredSince([taken, said("agent", 6), said("customer", 7), said("customer", 9)]),
    7,
  );
});

test("on a Friday, the next morning is Monday's; on a Sunday it is named once", () => {
  const keys = (/** @type {string} */ day) =>
    parkTimes(new Date(`${day}T15:30:00`).getTime()).map(({ key }) => key);
  assert.deepEqual(keys("2026-11-25"), ["park_hour", "park_hours", "park_tomorrow", "park_monday"]);
  assert.deepEqual(keys("2026-11-27"), ["park_hour", "park_hours", "park_monday"]);
  assert.deepEqual(keys("2026-11-29"), ["park_hour", "park_hours", "park_tomorrow"]);
  const monday = parkTimes(new Date("2026-11-23T08:00:00").getTime());
  assert.equal(monday.at(-1)?.atMs, new Date("2026-11-30T09:00:00").getTime());
});

test("who is there and has room comes first, then teams and skills; oneself never", () => {
  const colleague = { role: "agent", teams: [], skills: [], languages: ["en"], capacity: 3 };
  const targets = targetsOf(
    {
      agents: [
        { ...colleague, agent_id: "a_1", name: "Ann", presence: "offline", load: 0 },
        { ...colleague, agent_id: "a_2", name: "Ben", presence: "online", load: 3 },
        { ...colleague, agent_id: "a_3", name: "Cho", presence: "online", load: 1 },
        { ...colleague, agent_id: "a_me", name: "Me", presence: "online", load: 0 },
      ],
      teams: ["returns"],
      skills: ["hubs"],
      tags: [],
      dispositions: [],
    },
    "a_me",
    t,
  );
  assert.deepEqual(
    targets.map(({ kind, to }) => `${kind} ${to}`),
    ["agent a_3", "skill hubs", "team returns", "agent a_2", "agent a_1"],
  );
  assert.equal(targets[0]?.hint, "presence_online · transfer_load 1/3 · en");
});
