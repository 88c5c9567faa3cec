// Files of a message: uploaded before it, kept until it has arrived, sent again when it must be.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { formatBytes } from "../../handoff_service/web/shared/files.js";
import { openOutbox } from "../../handoff_service/web/shared/outbox.js";
import { createSender } from "../../handoff_service/web/shared/sender.js";

/** @typedef {import("../../handoff_service/web/shared/sender.js").Sender} Sender */
/** @typedef {{file: import("../../handoff_service/web/shared/files.js").Picked, watch: import("../../handoff_service/web/shared/sender.js").Watch, done: (id: string) => void, refuse: (code: string) => void, fail: (error: Error) => void}} Upload */

const message = { type: "message", message_id: "m", text: "look" };
/** @param {string} name */
const picked = (name) => ({ name, blob: new Blob([name]) });
const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp(outbox = openOutbox("test", new IDBFactory())) {
  const line = {
    sent: /** @type {any[]} */ ([]),
    told: /** @type {any[]} */ ([]),
    uploads: /** @type {Upload[]} */ ([]),
    refused: /** @type {string[]} */ ([]),
    entries: /** @type {import("../../handoff_service/web/shared/outbox.js").Entry[]} */ ([]),
  };
  /** @type {Sender} */
  const sender = createSender({
    outbox,
    send: (frame) => line.sent.push(frame) > 0,
    reconnect: () => {},
    onAcked: () => {},
    onChange: (entries) => (line.entries = entries),
    upload: (file, _frame, watch) =>
      new Promise((resolve, fail) => {
        watch.cancel = () => resolve(null);
        const done = (/** @type {string} */ id) => resolve({ id });
        const refuse = (/** @type {string} */ code) => resolve({ error: { code } });
        line.uploads.push({ file, watch, done, refuse, fail });
      }),
    onUploadRefused(id, code) {
      line.refused.push(code);
      sender.refused(id, code);
    },
    tell: (told) => line.told.push(told),
    now: () => 5,
  });
  return { outbox, line, sender };
}

/** @param {{uploads: Upload[]}} line @returns {Upload} */
const latest = (line) => /** @type {Upload} */ (line.uploads.at(-1));

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("a message goes when its files are there, and what was said after it later", async () => {
  const { sender, line } = setUp();
  await sender.post(message, [picked("a"), picked("b")]);
  await sender.post({ type: "message", message_id: "n", text: "and?" });

  latest(line).watch.progress(0.5);
  assert.equal(line.entries[0]?.files?.[0]?.done, 0.5);
  latest(line).done("f_a");
  await settled();
  assert.deepEqual(line.sent, []);
  latest(line).done("f_b");
  await settled();

  assert.deepEqual(
    line.uploads.map(({ file }) => file.name),
    ["a", "b"],
  );
  assert.deepEqual(line.sent, [{ ...message, attachments: ["f_a", "f_b"] }]);
  sender.acknowledged("m");
  const next = /** @type {any} */ (line.sent).at(-1);
  assert.equal(next.message_id, "n");
  assert.equal("attachments" in next, false);
});

test("after a reload only what was not uploaded goes up", async () => {
  const { sender, line, outbox } = setUp();
  await sender.post(message, [picked("a"), picked("b")]);
  latest(line).done("f_a");
  await settled();
  await settled();

  const again = setUp(outbox);
  await again.sender.load();
  await settled();
  assert.equal(latest(again.line).file.name, "b");
  assert.equal(latest(again.line).file.blob.size, 1);
  latest(again.line).done("f_b");
  await settled();

  assert.deepEqual(again.line.sent[0].attachments, ["f_a", "f_b"]);
});

test("a lost connection is tried again; one to the chat alone changes nothing", async () => {
  const { sender, line } = setUp();
  await sender.post(message, [picked("a")]);
  sender.disconnected();
  sender.flush();
  assert.equal(line.uploads.length, 1);

  latest(line).fail(new TypeError("no network"));
  await settled();
  assert.deepEqual(line.refused, ["unavailable"]);
  mock.timers.tick(60_000);
  assert.equal(line.uploads.length, 2);
  latest(line).done("f_a");
  await settled();

  assert.deepEqual(line.sent[0].attachments, ["f_a"]);
});

test("a refused file stops its message alone, and another try sends all of it again", async () => {
  const { sender, line } = setUp();
  await sender.post(message, [picked("a"), picked("b")]);
  await sender.post({ type: "message", message_id: "n", text: "and?" });
  latest(line).done("f_a");
  await settled();
  latest(line).refuse("attachment_kind");
  await settled();

  assert.equal(line.entries[0]?.failed, "attachment_kind");
  assert.equal(line.sent[0].message_id, "n");
  sender.acknowledged("n");
  sender.retry("m");
  assert.equal(latest(line).file.name, "a");
});

test("what is taken back while it is uploaded is not sent, and the next message is", async () => {
  const { sender, line, outbox } = setUp();
  await sender.post(message, [picked("a")]);
  await sender.post({ type: "message", message_id: "n", text: "never mind" });
  sender.discard("m");
  await settled();

  assert.equal(line.uploads.length, 1);
  assert.deepEqual(
    line.sent.map(({ message_id }) => message_id),
    ["n"],
  );
  assert.deepEqual(
    (await outbox.all()).map(({ message_id }) => message_id),
    ["n"],
  );
});

test("a tab that hears of another's upload leaves it to that tab", async () => {
  const one = setUp();
  const other = setUp();
  await one.sender.post(message, [picked("a")]);
  latest(one.line).watch.progress(0.5);
  for (const told of one.line.told) other.sender.hear(told);

  assert.equal(other.line.uploads.length, 0);
  assert.equal(other.line.entries[0]?.files?.[0]?.done, 0.5);
  latest(one.line).done("f_a");
  await settled();
  for (const told of one.line.told) other.sender.hear(told);
  assert.equal(other.line.entries[0]?.files?.[0]?.id, "f_a");
});

test("sizes are told in the reader's language", () => {
  assert.equal(formatBytes(70, "en"), "0.01 MB");
  assert.equal(formatBytes(123_456, "en"), "0.12 MB");
  assert.match(formatBytes(9_876_543, "ru"), /^9,88\sМБ$/);
});
