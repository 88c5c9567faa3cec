// The outbox on a real implementation of IndexedDB (fake-indexeddb) and in memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { memoryOutbox, openOutbox } from "../../handoff_service/web/shared/outbox.js";

/** @param {string} id @param {string|null} [failed] */
function entry(id, failed = null) {
  return { message_id: id, frame: { type: "message", text: id }, created_ms: 1, failed };
}

/** @param {{message_id: string}[]} entries */
const ids = (entries) => entries.map(({ message_id }) => message_id);

for (const [kind, open] of /** @type {const} */ ([
  ["IndexedDB", () => openOutbox("test", new IDBFactory())],
  ["memory", async () => memoryOutbox()],
])) {
  test(`${kind}: messages stay in the order they were written`, async () => {
    const outbox = await open();
    for (const id of ["b", "a", "c"]) await outbox.put(entry(id));

    assert.deepEqual(ids(await outbox.all()), ["b", "a", "c"]);
  });

  test(`${kind}: the same message twice is one, in its place`, async () => {
    const outbox = await open();
    for (const id of ["a", "b"]) await outbox.put(entry(id));
    await outbox.put(entry("a", "too_long"));

    const all = await outbox.all();
    assert.deepEqual(ids(all), ["a", "b"]);
    assert.equal(all[0]?.failed, "too_long");
  });

  test(`${kind}: what was acknowledged is gone, and removing it again is no fault`, async () => {
    const outbox = await open();
    for (const id of ["a", "b"]) await outbox.put(entry(id));
    await outbox.remove("a");
    await outbox.remove("a");

    assert.deepEqual(ids(await outbox.all()), ["b"]);
  });
}

test("what was written is there after the page is loaded anew", async () => {
  const factory = new IDBFactory();
  const before = await openOutbox("test", factory);
  await before.put(entry("a"));
  before.close();

  const after = await openOutbox("test", factory);
  assert.deepEqual(ids(await after.all()), ["a"]);
});

test("where the browser refuses storage, messages are kept in memory", async () => {
  const refusing = /** @type {any} */ ({
    open() {
      throw new DOMException("refused", "SecurityError");
    },
  });
  const outbox = await openOutbox("test", refusing);
  await outbox.put(entry("a"));
  assert.deepEqual(ids(await outbox.all()), ["a"]);
});
