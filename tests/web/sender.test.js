// The sender: order, acknowledgements, refusals, lost connections.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { memoryOutbox } from "../../handoff_service/web/shared/outbox.js";
import { Sender } from "../../handoff_service/web/shared/sender.js";

/** @param {string} message_id */
const message = (message_id) => ({ type: "message", message_id, text: message_id });

function setUp() {
  const outbox = memoryOutbox();
  const line = {
    online: true,
    reconnects: 0,
    sent: /** @type {string[]} */ ([]),
    entries: /** @type {import("../../handoff_service/web/shared/outbox.js").Entry[]} */ ([]),
  };
  const make = () =>
    new Sender({
      outbox,
      send: (frame) => line.online && line.sent.push(frame.message_id) > 0,
      reconnect: () => (line.reconnects += 1),
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
  await sender.post(message("a"));
  await sender.post(message("b"));
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
  await sender.post(message("a"));
  assert.deepEqual(line.sent, []);

  line.online = true;
  sender.flush();
  assert.deepEqual(line.sent, ["a"]);
});

test("a message that was under way when the line broke goes out again under its id", async () => {
  const { sender, line } = setUp();
  await sender.post(message("a"));
  sender.disconnected();
  sender.flush();
  assert.deepEqual(line.sent, ["a", "a"]);
});

test("a page loaded anew takes up what the old one left", async () => {
  const { sender, line, make } = setUp();
  line.online = false;
  await sender.post(message("a"));

  line.online = true;
  await make().load();
  assert.deepEqual(line.sent, ["a"]);
});

test("no acknowledgement in time means the line is dead", async () => {
  const { sender, line } = setUp();
  await sender.post(message("a"));
  mock.timers.tick(7_999);
  assert.equal(line.reconnects, 0);
  mock.timers.tick(1);
  assert.equal(line.reconnects, 1);
});

test("a refusal for good marks the message and lets the next one through", async () => {
  const { sender, line, outbox } = setUp();
  await sender.post(message("a"));
  await sender.post(message("b"));
  sender.refused("a", "too_long");

  assert.deepEqual(line.sent, ["a", "b"]);
  assert.equal((await outbox.all())[0]?.failed, "too_long");

  sender.acknowledged("b");
  sender.retry("a");
  assert.deepEqual(line.sent, ["a", "b", "a"]);
});

test("a refusal for now is tried again later, before anything newer", async () => {
  const { sender, line } = setUp();
  await sender.post(message("a"));
  await sender.post(message("b"));
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
  await sender.post(message("a"));
  sender.discard("a");
  line.online = true;
  sender.flush();
  assert.deepEqual(line.sent, []);
  assert.deepEqual(await outbox.all(), []);
});
