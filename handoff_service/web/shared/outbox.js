// @ts-check
/** Frames that must arrive: kept in IndexedDB until the server has acknowledged them. */

/** @typedef {import("./protocol.js").Frame} Frame */
/** @typedef {{order?: number, message_id: string, frame: Frame, created_ms: number, failed: string|null}} Entry */

const STORE = "frames";

/**
 * @typedef {object} Outbox
 * @property {(entry: Entry) => Promise<void>} put add or change the entry of this message_id
 * @property {(messageId: string) => Promise<void>} remove
 * @property {() => Promise<Entry[]>} all oldest first
 * @property {() => void} close
 */

/**
 * Open the outbox; where the browser refuses storage (private windows), keep it in memory.
 * @param {string} name one database for each kind of page
 * @param {IDBFactory|undefined} [factory]
 * @returns {Promise<Outbox>}
 */
export async function openOutbox(name, factory = globalThis.indexedDB) {
  if (!factory) return memoryOutbox();
  try {
    return storedOutbox(await openDatabase(name, factory));
  } catch {
    return memoryOutbox(); // Storage is refused: better to hold the message than to lose it.
  }
}

/** @param {string} name @param {IDBFactory} factory @returns {Promise<IDBDatabase>} */
function openDatabase(name, factory) {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(STORE, {
      keyPath: "order",
      autoIncrement: true,
    });
    store.createIndex("message_id", "message_id", { unique: true });
  };
  return done(request);
}

/** @param {IDBDatabase} database @returns {Outbox} */
function storedOutbox(database) {
  return {
    async put(entry) {
      const store = database.transaction(STORE, "readwrite").objectStore(STORE);
      const key = await done(store.index("message_id").getKey(entry.message_id));
      // A put without a key goes to the end; with one it keeps its place.
      await done(store.put(key === undefined ? entry : { ...entry, order: key }));
    },
    async remove(messageId) {
      const store = database.transaction(STORE, "readwrite").objectStore(STORE);
      const key = await done(store.index("message_id").getKey(messageId));
      if (key !== undefined) await done(store.delete(key));
    },
    all: () => done(database.transaction(STORE).objectStore(STORE).getAll()),
    close: () => database.close(),
  };
}

/** @returns {Outbox} */
export function memoryOutbox() {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  return {
    put: async (entry) => void entries.set(entry.message_id, entry),
    remove: async (messageId) => void entries.delete(messageId),
    all: async () => [...entries.values()],
    close: () => entries.clear(),
  };
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
