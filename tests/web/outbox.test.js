// The outbox on a real implementation of IndexedDB (fake-indexeddb), and where there is none.
import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { openOutbox } from "../../handoff_service/web/shared/outbox.js";

let order = 0;

/** @param {string} id @param {object} [more] */
function entry(id, more) {
  const frame = { type: "message", text: id };
  return { order: (order += 1), message_id: id, frame, created_ms: 1, failed: null, ...more };
}

/** @param {{message_id: string}[]} entries */
const ids = (entries) => entries.map(({ message_id }) => message_id);

test("messages stay in the order they were written", async () => {
  const outbox = openOutbox("test", new IDBFactory());
  for (const id of ["b", "a", "c"]) await outbox.put(entry(id));

  assert.deepEqual(ids(await outbox.all()), ["b", "a", "c"]);
});

test("the same message twice is one, in its place", async () => {
  const outbox = openOutbox("test", new IDBFactory());
  const first = entry("a");
  for (const each of [first, entry("b"), { ...first, failed: "too_long" }]) await outbox.put(each);

  const all = await outbox.all();
  assert.deepEqual(ids(all), ["a", "b"]);
  assert.equal(all[0]?.failed, "too_long");
});

test("what was acknowledged is gone, and removing it again is no fault", async () => {
  const outbox = openOutbox("test", new IDBFactory());
  for (const id of ["a", "b"]) await outbox.put(entry(id));
  await outbox.remove("a");
  await outbox.remove("a");

  assert.deepEqual(ids(await outbox.all()), ["b"]);
});

test("what was written is there after the page is loaded anew", async () => {
  const factory = new IDBFactory();
  await openOutbox("test", factory).put(entry("a"));

  assert.deepEqual(ids(await openOutbox("test", factory).all()), ["a"]);
});

test("where the browser refuses storage nothing fails", async () => {
  const refusing = /** @type {any} */ ({
    open() {
      throw new DOMException("refused", "SecurityError");
    },
  });
  for (const factory of [refusing, undefined]) {
    const outbox = openOutbox("test", factory);
    await outbox.put(entry("a"));
    await outbox.remove("a");
    assert.deepEqual(await outbox.all(), []);
  }
});

test("a database that is deleted while it is open is made anew", async () => {
  const factory = new IDBFactory();
  const outbox = openOutbox("test", factory);
  await outbox.put(entry("a"));
  await new Promise((resolve) => {
    factory.deleteDatabase("test").onsuccess = resolve; // waits for whoever has it open
  });

  await outbox.put(entry("b"));
  assert.deepEqual(ids(await outbox.all()), ["b"]);
});
