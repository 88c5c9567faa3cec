// @ts-check
/** The rows of a list: a page at a time, kept current without moving what is being looked at. */

/**
 * @typedef {object} Row a conversation as the API lists it
 * @property {string} conversation_id
 * @property {string} state
 * @property {string} customer_id
 * @property {string} customer_name
 * @property {string} language
 * @property {string} site
 * @property {string} topic
 * @property {string} reason
 * @property {string|null} team
 * @property {string[]} tags
 * @property {number} priority
 * @property {string|null} agent_id
 * @property {string|null} agent_name
 * @property {number|null} waiting_since_ms
 * @property {number|null} sla_due_ms
 * @property {number|null} parked_until_ms
 * @property {number} last_at_ms
 * @property {string} last_line
 * @property {string} last_author
 * @property {boolean} unread
 * @property {string|null} disposition
 * @property {number|null} stars
 * @property {{text: string, hit: boolean}[]} snippet
 *
 * @typedef {{rows: Row[], after: string|null, now_ms: number}} Page
 * @typedef {{after?: string, ids?: string, limit?: number}} Place
 * @typedef {(place: Place) => Promise<Page>} Read
 */

/** Rows asked for at a time: some screens of them. */
const PAGE = 100;

/** @param {Read} read @param {() => void} tell is called after each change */
export function createListing(read, tell) {
  const listing = {
    /** @type {Row[]} */
    rows: [],
    /** @type {"loading"|"ready"|"failed"} */
    status: "loading",
    /** @type {unknown} why it failed */
    problem: null,
    /** Conversations that belong to the list since it was shown. @type {Set<string>} */
    fresh: new Set(),
    /** Rows that no longer belong to it. @type {Set<string>} */
    gone: new Set(),
    /** How far the server's clock is ahead. */
    offsetMs: 0,
    get complete() {
      return after === null;
    },
    load,
    more,
    refresh,
    apply,
    close: () => void (closed = true),
  };
  /** @type {string|null} where the next page begins; null: there is none */
  let after = null;
  let busy = false;
  /** Something changed while the list was being read: the answer may be of before. */
  let missed = false;
  let closed = false;
  return listing;

  async function load() {
    listing.status = "loading";
    tell();
    await attempt(async () => {
      take(await read({ limit: PAGE }), []);
    });
  }

  async function more() {
    if (after === null || busy || listing.status !== "ready") return;
    const place = after;
    await attempt(async () => {
      const page = await read({ after: place, limit: PAGE });
      const known = new Set(listing.rows.map(idOf));
      listing.rows = [...listing.rows, ...page.rows.filter((row) => !known.has(idOf(row)))];
      after = page.after;
    });
  }

  /** Some have changed. @param {string[]|undefined} ids which; without: too many to be named */
  async function refresh(ids) {
    if (ids?.length === 0) return;
    if (listing.status !== "ready") {
      missed = true;
      return;
    }
    try {
      const page = await read(ids ? { ids: ids.join(","), limit: PAGE } : { limit: PAGE });
      if (closed) return;
      const found = new Map(page.rows.map((row) => [idOf(row), row]));
      const known = new Set(listing.rows.map(idOf));
      listing.rows = listing.rows.map((row) => found.get(idOf(row)) ?? row);
      for (const id of ids ?? []) {
        if (known.has(id) && !found.has(id)) listing.gone.add(id);
        if (!found.has(id)) listing.fresh.delete(id);
      }
      for (const id of found.keys()) {
        listing.gone.delete(id);
        if (!known.has(id)) listing.fresh.add(id);
      }
      tell();
    } catch {
      // The next change, or the reader, asks again.
    }
  }

  /** Show what is new, and no longer what is gone. */
  async function apply() {
    if (busy || listing.status !== "ready") return;
    await attempt(async () => {
      const { gone, fresh } = listing;
      const page = await read({ limit: PAGE });
      const top = new Set(page.rows.map(idOf));
      // One that is new further down is come to by reading on from here.
      const below = [...fresh].some((id) => !top.has(id));
      const kept = page.after === null || below ? [] : listing.rows;
      take(
        page,
        kept.filter((row) => !top.has(idOf(row)) && !gone.has(idOf(row))),
      );
    });
  }

  /** @param {Page} page the first @param {Row[]} rest what was loaded after it */
  function take(page, rest) {
    if (rest.length === 0) after = page.after;
    listing.rows = [...page.rows, ...rest];
    listing.offsetMs = page.now_ms - Date.now();
    listing.fresh = new Set();
    listing.gone = new Set();
    listing.status = "ready";
  }

  /** @param {() => Promise<void>} step */
  async function attempt(step) {
    busy = true;
    try {
      await step();
    } catch (problem) {
      listing.problem = problem;
      listing.status = "failed";
    }
    busy = false;
    if (closed) return;
    tell();
    if (missed && listing.status === "ready") {
      missed = false;
      await refresh(undefined);
    }
  }
}

/** @param {Row} row */
function idOf(row) {
  return row.conversation_id;
}
