// The sender: order, acknowledgements, refusals, lost connections.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { openOutbox } from "../../handoff_service/web/shared/outbox.js";
import { createSender } from "../../handoff_service/web/shared/sender.js";

/** @param {string} message_id */
const message = (message_id) => ({ type: "message", message_id, text: message_id });

function setUp() {
  const outbox = openOutbox("test", new IDBFactory());
  const line = {
    online: true,
    reconnects: 0,
    sent: /** @type {string[]} */ ([]),
    entries: /** @type {import("../../handoff_service/web/shared/outbox.js").Entry[]} */ ([]),
  };
  const make = () =>
    createSender({
      outbox,
      send: (frame) => line.online && line.sent.push(frame.message_id) > 0,
      reconnect: () => (line.reconnects += 1),
      onAcked: () => {},
      onChange: (entries) => (line.entries = entries),
      now: () => 5,
    });
  return { outbox, line, sender: make(), make };
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("messages go out one at a time, in order, and leave the outbox when acknowledged", async () => {
  const { sender, line, outbox } = setUp();
  sender.post(message("a"));
  sender.post(message("b"));
  assert.deepEqual(line.sent, ["a"]);

  sender.acknowledged("a");
  assert.deepEqual(line.sent, ["a", "b"]);

  sender.acknowledged("b");
  assert.deepEqual(await outbox.all(), []);
  assert.deepEqual(line.entries, []);
});

test("what is written offline goes out when the connection is back", async () => {
  const { sender, line } = setUp();
  line.online = false;
  sender.post(message("a"));
  assert.deepEqual(line.sent, []);

  line.online = true;
  sender.flush();
  assert.deepEqual(line.sent, ["a"]);
});

test("a message that was under way when the line broke goes out again under its id", async () => {
  const { sender, line } = setUp();
  sender.post(message("a"));
  sender.disconnected();
  sender.flush();
  assert.deepEqual(line.sent, ["a", "a"]);
});

test("a page loaded anew takes up what the old one left", async () => {
  const { sender, line, make } = setUp();
  line.online = false;
  sender.post(message("a"));

  line.online = true;
  await make().load();
  assert.deepEqual(line.sent, ["a"]);
});

test("no acknowledgement in time means the line is dead", async () => {
  const { sender, line } = setUp();
  sender.post(message("a"));
  mock.timers.tick(7_999);
  assert.equal(line.reconnects, 0);
  mock.timers.tick(1);
  assert.equal(line.reconnects, 1);
});

test("a refusal for good marks the message and lets the next one through", async () => {
  const { sender, line, outbox } = setUp();
  sender.post(message("a"));
  sender.post(message("b"));
  sender.refused("a", "too_long");

  assert.deepEqual(line.sent, ["a", "b"]);
  assert.equal((await outbox.all())[0]?.failed, "too_long");

  sender.acknowledged("b");
  sender.retry("a");
  assert.deepEqual(line.sent, ["a", "b", "a"]);
});

test("a refusal for now is tried again later, before anything newer", async () => {
  const { sender, line } = setUp();
  sender.post(message("a"));
  sender.post(message("b"));
  sender.refused("a", "rate_limited");
  assert.deepEqual(line.sent, ["a"]);

  mock.timers.tick(500);
  assert.deepEqual(line.sent, ["a", "a"]);
  sender.acknowledged("a");
  assert.deepEqual(line.sent, ["a", "a", "b"]);
});

test("a discarded message is neither kept nor sent", async () => {
  const { sender, line, outbox } = setUp();
  line.online = false;
  sender.post(message("a"));
  sender.discard("a");
  line.online = true;
  sender.flush();
  assert.deepEqual(line.sent, []);
  assert.deepEqual(await outbox.all(), []);
});

/** Two tabs of one browser: one database, and what one tells the other hears. */
function twoTabs() {
  const factory = new IDBFactory();
  const clock = { ms: 1_000 };
  const tabs = ["left", "right"].map(() => ({
    online: true,
    sent: /** @type {string[]} */ ([]),
    acked: /** @type {string[]} */ ([]),
    entries: /** @type {import("../../handoff_service/web/shared/outbox.js").Entry[]} */ ([]),
  }));
  const senders = tabs.map((tab, index) =>
    createSender({
      outbox: openOutbox("test", factory),
      send: (frame) => tab.online && tab.sent.push(frame.message_id) > 0,
      reconnect: () => {},
      onAcked: (messageId) => tab.acked.push(messageId),
      onChange: (entries) => (tab.entries = entries),
      tell: (told) => senders[1 - index]?.hear(structuredClone(told)),
      now: () => clock.ms,
    }),
  );
  /** @param {number} ms */
  const pass = (ms) => {
    clock.ms += ms;
    mock.timers.tick(ms);
  };
  const [left, right] = senders;
  assert.ok(left && right && tabs[0] && tabs[1]);
  return { left, right, atLeft: tabs[0], atRight: tabs[1], pass };
}

test("tabs show the same messages, and the one that wrote a message sends it", async () => {
  const { left, atLeft, atRight, pass } = twoTabs();
  left.post(message("a"));
  assert.deepEqual(atRight.entries, atLeft.entries);
  pass(2_900);
  assert.deepEqual([atLeft.sent, atRight.sent], [["a"], []]);

  left.acknowledged("a");
  assert.deepEqual([atRight.entries, atRight.acked], [[], ["a"]]);
  pass(5_000);
  assert.deepEqual(atRight.sent, []);
});

test("what a tab cannot send, because it is closed or offline, another one sends, in order", async () => {
  const { left, right, atLeft, atRight, pass } = twoTabs();
  atLeft.online = false;
  left.post(message("a"));
  right.post(message("b"));
  assert.deepEqual(atRight.sent, [], "the older one goes first");

  pass(3_000);
  assert.deepEqual(atRight.sent, ["a"]);
  right.acknowledged("a");
  assert.deepEqual(atRight.sent, ["a", "b"]);
  assert.deepEqual(
    atLeft.entries.map(({ message_id }) => message_id),
    ["b"],
  );
});

test("a refusal, a retry and a discard count in every tab", async () => {
  const { left, right, atLeft, atRight } = twoTabs();
  left.post(message("a"));
  left.refused("a", "too_long");
  assert.equal(atRight.entries[0]?.failed, "too_long");

  right.retry("a");
  assert.equal(atLeft.entries[0]?.failed, null);
  assert.deepEqual(atRight.sent, ["a"], "whoever is asked to try again does so at once");

  right.discard("a");
  assert.deepEqual([atLeft.entries, atRight.entries], [[], []]);
});

test("storage that never answers holds nothing up", async () => {
  const never = () => new Promise(() => {});
  const sent = /** @type {string[]} */ ([]);
  const sender = createSender({
    outbox: /** @type {any} */ ({ put: never, remove: never, all: never }),
    send: (frame) => sent.push(frame.message_id) > 0,
    reconnect: () => {},
    onAcked: () => {},
    onChange: () => {},
  });
  const loaded = sender.load();
  mock.timers.tick(500);
  await loaded;
  sender.post(message("a"));
  assert.deepEqual(sent, ["a"]);
});
