// Frames: what the makers write, what the parser takes and refuses.
import assert from "node:assert/strict";
import { test } from "node:test";
import { frames } from "../../handoff_service/web/console/frames.js";
import * as protocol from "../../handoff_service/web/shared/protocol.js";

const event = {
  conversation_id: "c",
  seq: 3,
  type: "message.posted",
  at_ms: 1,
  epoch: 1,
  data: {},
};

test("a frame maker names its type and keeps its fields", () => {
  assert.deepEqual(protocol.customer.message({ message_id: "m", text: "hi" }), {
    type: "message",
    message_id: "m",
    text: "hi",
  });
  assert.deepEqual(protocol.customer.hello({ token: "t", last_seq: 4, locale: "ko" }), {
    type: "hello",
    v: 1,
    token: "t",
    last_seq: 4,
    locale: "ko",
  });
  for (const makers of [protocol.customer, frames])
    for (const [name, make] of Object.entries(makers))
      assert.equal(make(/** @type {any} */ ({})).type, name);
});

test("known server frames are read, with fields this version does not know", () => {
  const frame = { type: "event", event, new_field: true };
  assert.deepEqual(protocol.parseServerFrame(JSON.stringify(frame)), frame);
  assert.equal(protocol.parseServerFrame('{"type":"pong"}')?.type, "pong");
});

for (const [what, text] of [
  ["no JSON", "{"],
  ["not an object", '"welcome"'],
  ["null", "null"],
  ["no type", "{}"],
  ["an unknown type", '{"type":"confetti"}'],
  ["a type from Object's prototype", '{"type":"constructor"}'],
  ["a missing field", '{"type":"error"}'],
  ["a field of the wrong kind", '{"type":"state","state":7}'],
  [
    "an event without a seq",
    JSON.stringify({ type: "event", event: { ...event, seq: undefined } }),
  ],
  ["an event without data", JSON.stringify({ type: "event", event: { ...event, data: null } })],
  ["bytes", new ArrayBuffer(4)],
])
  test(`the parser ignores ${what}`, () => {
    assert.equal(protocol.parseServerFrame(text), null);
  });

test("message ids do not repeat, also where randomUUID is missing", (context) => {
  const ids = new Set(Array.from({ length: 500 }, () => protocol.newMessageId()));
  // An own property hides the browser's; plain http pages have none.
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  context.after(() => Reflect.deleteProperty(crypto, "randomUUID"));
  for (let index = 0; index < 500; index += 1) ids.add(protocol.newMessageId());
  assert.equal(ids.size, 1000);
});
