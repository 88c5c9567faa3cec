// @ts-check
/** Frames that must arrive: kept in IndexedDB until the server has acknowledged them. */

/** @typedef {import("./protocol.js").Frame} Frame */
/** `files`: those of a message, uploaded before it is sent.
 * @typedef {{order: number, message_id: string, frame: Frame, created_ms: number, failed: string|null, files?: import("./files.js").Picked[]}} Entry */

const STORE = "frames";

/**
 * What outlives the page. It is a second copy: who uses it keeps the entries as well, so that nothing
 * fails, and nothing is lost while the page lives, where the browser refuses storage (private
 * windows, a full disk) or takes it away (cleared data).
 * @typedef {object} Outbox
 * @property {(entry: Entry) => Promise<unknown>} put add or change the entry
 * @property {(messageId: string) => Promise<unknown>} remove
 * @property {() => Promise<Entry[]>} all oldest first
 */

/**
 * @param {string} name one database for each kind of page
 * @param {IDBFactory|undefined} [factory]
 * @returns {Outbox}
 */
export function openOutbox(name, factory = globalThis.indexedDB) {
  /** @type {Promise<IDBDatabase>|undefined} */
  let database;

  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => Promise<T>} action
   * @returns {Promise<T|undefined>} undefined where there is no storage
   */
  async function using(mode, action) {
    // Twice: a database that was closed or deleted meanwhile is opened anew.
    for (let tries = 2; tries; tries -= 1) {
      try {
        database ??= openDatabase(name, factory);
        return await action((await database).transaction(STORE, mode).objectStore(STORE));
      } catch {
        database = undefined;
      }
    }
    return undefined;
  }

  return {
    // One request, and nothing to wait for: the page may be gone before a second one could be made.
    put: (entry) =>
      using("readwrite", (store) => {
        const stored = done(store.put(entry));
        store.transaction.commit?.();
        return stored;
      }),
    remove: (messageId) =>
      using("readwrite", async (store) => {
        const key = await done(store.index("message_id").getKey(messageId));
        if (key !== undefined) await done(store.delete(key));
      }),
    all: async () => (await using("readonly", (store) => done(store.getAll()))) ?? [],
  };
}

/** @param {string} name @param {IDBFactory} factory @returns {Promise<IDBDatabase>} */
async function openDatabase(name, factory) {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(STORE, {
      keyPath: "order",
      autoIncrement: true,
    });
    store.createIndex("message_id", "message_id", { unique: true });
  };
  const opened = await done(request);
  opened.onversionchange = () => opened.close(); // Whoever wants to delete it need not wait for us.
  return opened;
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
