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
  widget.applyWelcome(state, { type: "welcome", conversation_id: "d", state: "bot", last_seq: 0 });
  assert.deepEqual([state.events.length, state.lastSeq], [0, 0]);
});

for (const [what, events, position, due] of /** @type {const} */ ([
  ["after wrap-up", ["conversation.wrapped_up"], {}, true],
  ["after closing", ["conversation.closed"], {}, true],
  ["not when rated", ["conversation.wrapped_up", "conversation.rated"], {}, false],
  [
    "not again when closed after the rating",
    ["conversation.wrapped_up", "conversation.rated", "conversation.closed"],
    {},
    false,
  ],
  ["not in the middle", ["handoff.assigned"], {}, false],
]))
  test(`a rating is asked for ${what}`, () => {
    assert.equal(
      stateAfter(
        events.map((type) => ({ type })),
        position,
      ).ratingDue,
      due,
    );
  });

test("a customer who writes on is not asked for a rating", () => {
  assert.equal(stateAfter([{ type: "conversation.closed" }, said("customer")]).ratingDue, false);
});

test("the bot is thinking from the customer's message to its answer", () => {
  assert.equal(widget.botIsThinking(stateAfter([said("customer")])), true);
  assert.equal(widget.botIsThinking(stateAfter([said("customer"), said("bot")])), false);
  assert.equal(widget.botIsThinking(stateAfter([said("customer")], { state: "assigned" })), false);
});

test("buttons can be clicked while they are the last word", () => {
  assert.equal(widget.liveButtonsSeq(stateAfter([said("bot", { buttons: [button] })])), 1);
  assert.equal(
    widget.liveButtonsSeq(stateAfter([said("bot", { buttons: [button] }), said("customer")])),
    null,
  );
});

test("buttons of the bot cannot be clicked once a person was asked for", () => {
  const events = [said("bot", { buttons: [button] })];
  assert.equal(widget.liveButtonsSeq(stateAfter(events, { state: "waiting" })), null);
});

test("a message is sending, then sent, then drawn from its event alone", () => {
  const state = stateAfter([]);
  const entry = {
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
    { message_id: "m", frame: { type: "message", text: "hi" }, created_ms: 0, failed: null },
  ];
  widget.applyAck(state, "m");
  assert.deepEqual(widget.pendingMessages(state), []);
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
