// What the widget shows, from the events and frames it was given.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as widget from "../../handoff_service/web/widget/state.js";

/** @param {{type: string, data?: object}[]} events */
function stateAfter(events, position = {}) {
  const state = widget.initialState("en");
  state.connection = "online";
  widget.applyWelcome(state, {
    type: "welcome",
    conversation_id: "c",
    state: "bot",
    last_seq: 0,
    ...position,
  });
  events.forEach(({ type, data = {} }, index) =>
    widget.applyEvent(state, {
      conversation_id: "c",
      seq: index + 1,
      type,
      at_ms: index,
      epoch: 1,
      data,
    }),
  );
  return state;
}

const said = (/** @type {string} */ author, more = {}) => ({
  type: "message.posted",
  data: { author, message_id: `${author}-1`, text: "…", ...more },
});
const button = { title: "Yes", payload: { action: "helped" } };

test("an event is taken once, and never from another conversation", () => {
  const state = stateAfter([said("customer")]);
  const again = {
    conversation_id: "c",
    seq: 1,
    type: "message.posted",
    at_ms: 0,
    epoch: 1,
    data: {},
  };
  assert.equal(widget.applyEvent(state, again), false);
  assert.equal(widget.applyEvent(state, { ...again, conversation_id: "d", seq: 9 }), false);
  assert.equal(state.events.length, 1);
});

test("a new conversation begins empty, a reconnect keeps what is drawn", () => {
  const state = stateAfter([said("customer")]);
  widget.applyWelcome(state, { type: "welcome", conversation_id: "c", state: "bot", last_seq: 1 });
  assert.equal(state.events.length, 1);
  assert.equal(state.caughtUpAt, 0, "what came while the connection was away is news");
  widget.applyWelcome(state, { type: "welcome", conversation_id: "d", state: "bot", last_seq: 0 });
  assert.deepEqual([state.events.length, state.lastSeq], [0, 0]);
});

const howWasIt = { type: "survey.asked", data: { kind: "csat", text: "How was it?" } };

for (const [what, events, kind] of /** @type {const} */ ([
  ["is asked", [{ type: "conversation.wrapped_up" }, howWasIt], "csat"],
  [
    "is asked in the conversation's own time only",
    [{ type: "conversation.wrapped_up" }],
    undefined,
  ],
  ["is over with its answer", [howWasIt, { type: "survey.answered" }], undefined],
  ["is over with stars of an older page", [howWasIt, { type: "conversation.rated" }], undefined],
  ["stays when it closes", [howWasIt, { type: "conversation.closed" }], "csat"],
  ["gives way to a later one", [howWasIt, { ...howWasIt, data: { kind: "nps" } }], "nps"],
  ["is over when the customer writes on", [howWasIt, said("customer")], undefined],
  ["is not over when others write", [howWasIt, said("bot")], "csat"],
]))
  test(`a question how it went ${what}`, () => {
    assert.equal(stateAfter([...events]).survey?.data.kind, kind);
  });

test("the bot is thinking from the customer's message to its answer", () => {
  assert.equal(widget.botIsThinking(stateAfter([said("customer")])), true);
  assert.equal(widget.botIsThinking(stateAfter([said("customer"), said("bot")])), false);
  assert.equal(widget.botIsThinking(stateAfter([said("customer")], { state: "assigned" })), false);
  const voted = { type: "answer.voted", data: { seq: 1, helpful: true } };
  assert.equal(widget.botIsThinking(stateAfter([said("customer"), voted])), true);
});

/** @param {boolean} helpful @param {object} more @returns {import("../../handoff_service/web/shared/outbox.js").Entry} */
const voteEntry = (helpful, more = {}) => ({
  order: 0,
  message_id: `v-${helpful}`,
  frame: { type: "vote", message_id: `v-${helpful}`, seq: 2, helpful },
  created_ms: 0,
  failed: null,
  ...more,
});

test("a vote counts from the click on: on its way, acknowledged, told by its event", () => {
  const state = stateAfter([said("customer"), said("bot", { kind: "answer" })]);
  assert.equal(widget.voteOn(state, 2), null);

  state.outbox = [voteEntry(true), voteEntry(false)];
  assert.equal(widget.voteOn(state, 2), false, "the last one on its way");
  assert.equal(widget.voteOn(state, 1), null);

  widget.applyAck(state, "v-true");
  widget.applyAck(state, "v-false");
  state.outbox = [];
  assert.equal(widget.voteOn(state, 2), false);
  assert.deepEqual(widget.pendingMessages(state), []);

  const data = { seq: 2, helpful: true };
  const event = { conversation_id: "c", seq: 3, type: "answer.voted", at_ms: 0, epoch: 1, data };
  widget.applyEvent(state, event);
  assert.equal(widget.voteOn(state, 2), true, "from another tab");
  assert.equal(widget.lastWordSeq(state), 2, "a vote is no word");
});

test("a vote that was refused does not count, nor one of another conversation", () => {
  const state = stateAfter([{ type: "answer.voted", data: { seq: 2, helpful: true } }]);
  state.outbox = [voteEntry(false, { failed: "not_found" })];
  assert.equal(widget.voteOn(state, 2), true);

  state.outbox = [];
  widget.applyWelcome(state, { type: "welcome", conversation_id: "d", state: "bot", last_seq: 0 });
  assert.equal(widget.voteOn(state, 2), null);
});

test("buttons can be clicked while they are the last word", () => {
  assert.equal(widget.lastWordSeq(stateAfter([said("bot", { buttons: [button] })])), 1);
  assert.equal(
    widget.lastWordSeq(stateAfter([said("bot", { buttons: [button] }), said("customer")])),
    null,
  );
});

test("buttons of the bot cannot be clicked once a person was asked for", () => {
  const events = [said("bot", { buttons: [button] })];
  assert.equal(widget.lastWordSeq(stateAfter(events, { state: "waiting" })), null);
});

test("a message is sending, then sent, then drawn from its event alone", () => {
  const state = stateAfter([]);
  const entry = {
    order: 0,
    message_id: "m",
    frame: { type: "message", text: "hi" },
    created_ms: 0,
    failed: null,
  };
  state.outbox = [entry];
  assert.deepEqual(
    widget.pendingMessages(state).map((row) => row.delivery),
    ["sending"],
  );

  widget.applyAck(state, "m");
  state.outbox = [];
  assert.deepEqual(
    widget.pendingMessages(state).map((row) => row.delivery),
    ["sent"],
  );

  const { type, data } = said("customer", { message_id: "m" });
  widget.applyEvent(state, { conversation_id: "c", seq: 1, type, at_ms: 0, epoch: 1, data });
  assert.deepEqual(widget.pendingMessages(state), []);
});

test("an event that comes before its acknowledgement leaves nothing behind", () => {
  const state = stateAfter([said("customer", { message_id: "m" })]);
  state.outbox = [
    {
      order: 0,
      message_id: "m",
      frame: { type: "message", text: "hi" },
      created_ms: 0,
      failed: null,
    },
  ];
  widget.applyAck(state, "m");
  assert.deepEqual(widget.pendingMessages(state), []);
});

test("when people are back is known only for as long as nobody is there", () => {
  const state = stateAfter([], { state: "waiting", on_duty: false, back_at_ms: 5 });
  assert.equal(state.backAtMs, 5);
  widget.applyPosition(state, { type: "state", state: "waiting", on_duty: true });
  assert.equal(state.backAtMs, null);
});

for (const [what, position, change, shown] of /** @type {const} */ ([
  ["when nobody is on duty", { state: "waiting", on_duty: false }, {}, true],
  ["not while people are on duty", { state: "waiting", on_duty: true }, {}, false],
  ["when asked for", { state: "offered", on_duty: true }, { leaveOpen: true }, true],
  ["not once put away", { state: "waiting", on_duty: false }, { leaveDismissed: true }, false],
  ["not with the bot", { state: "bot", on_duty: false }, {}, false],
  ["not once left", { state: "message_left", on_duty: false }, {}, false],
]))
  test(`the form for leaving a message is shown ${what}`, () => {
    assert.equal(widget.leaveFormShown(Object.assign(stateAfter([], position), change)), shown);
  });

const asked = {
  type: "handoff.consent_asked",
  data: { text: "May a colleague answer in English?", buttons: [button] },
};
const agreed = said("customer", { payload: { action: "any_language", yes: true } });

for (const [what, events, position, seq] of /** @type {const} */ ([
  ["a question to those who wait", [asked], "waiting", 1],
  ["such a question while the bot goes on helping", [asked, said("bot")], "waiting", 1],
  ["not what was answered", [asked, agreed], "waiting", null],
  ["what is asked again", [asked, agreed, asked], "offered", 3],
  ["not what an agent need not ask any more", [asked], "assigned", null],
  [
    "the way back into the line",
    [said("bot"), { type: "handoff.abandoned", data: { text: "…", buttons: [button] } }],
    "bot",
    2,
  ],
]))
  test(`a click may answer: ${what}`, () => {
    const state = stateAfter(/** @type {any} */ (events), { state: position });
    assert.equal(widget.lastWordSeq(state), seq);
  });

test("who may leave is shown the form, and keeps it while they write", () => {
  const state = stateAfter([], { state: "waiting", on_duty: true, wait_ms: [900e3, 1800e3] });
  assert.equal(widget.leaveFormShown(state), false);
  const position = { type: "state", state: "waiting", on_duty: true };
  widget.applyPosition(state, { ...position, may_leave: true });
  widget.applyPosition(state, position);
  assert.equal(widget.leaveFormShown(state), true);
});

test("who said no to the form is not shown it at each step of the line", () => {
  const state = stateAfter([], { state: "waiting", on_duty: true, may_leave: true });
  Object.assign(state, { leaveOpen: false, leaveDismissed: true });
  widget.applyPosition(state, { type: "state", state: "waiting", on_duty: true, may_leave: true });
  assert.equal(widget.leaveFormShown(state), false);
});

test("the bot's help is not promised to who waits to talk on with a person", () => {
  const requested = { type: "handoff.requested" };
  const assigned = { type: "handoff.assigned" };
  const met = (/** @type {{type: string}[]} */ ...events) =>
    widget.hasMetPerson(stateAfter(events, { state: "waiting" }));

  assert.equal(met(), false);
  assert.equal(met(requested), false);
  assert.equal(met(requested, assigned, { type: "agent.lost" }), true);
  assert.equal(met(requested, { type: "handoff.taken_over" }), true);
  assert.equal(met(requested, assigned, { type: "handoff.returned" }, requested), false);
});

for (const [position, on_duty, way] of /** @type {const} */ ([
  ["bot", true, "ask"],
  ["bot", false, "ask"],
  ["closed", true, "ask"],
  ["waiting", true, "in_line"],
  ["waiting", false, "in_line"],
  ["offered", true, "in_line"],
  ["assigned", true, "with_person"],
  ["wrap_up", true, "write"],
  ["parked", false, "write"],
  ["message_left", true, "ask"],
  ["message_left", false, "in_line"],
]))
  test(`a person is one step away: ${position}, ${on_duty ? "on" : "off"} duty`, () => {
    const state = stateAfter([], { state: position, on_duty });
    assert.equal(widget.wayToPerson(state), way);
    const entry = { message_id: "r", frame: { type: "request_person" }, sent_at: 0 };
    state.outbox = /** @type {any} */ ([entry]);
    assert.equal(widget.wayToPerson(state), "asked", "also while offline");
  });

test("what was missed while the line was cut is news, what was there before this page is not", () => {
  const state = stateAfter([said("customer")], { last_seq: 1 });
  assert.equal(state.caughtUpAt, 1);
  widget.applyWelcome(state, { type: "welcome", conversation_id: "c", state: "bot", last_seq: 4 });
  assert.equal(state.caughtUpAt, 1);
});

test("how far an agent has read only ever grows, until the conversation is another", () => {
  const state = stateAfter([said("customer")], { read_seq: 1 });
  widget.applyPosition(state, { type: "state", state: "assigned" });
  assert.equal(state.readSeq, 1);
  widget.applyWelcome(state, { type: "welcome", conversation_id: "d", state: "bot", last_seq: 0 });
  assert.equal(state.readSeq, 0);
});
