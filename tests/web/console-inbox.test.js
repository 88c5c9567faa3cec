// @ts-check
/** The inbox without a browser: what is asked for, and rows that stay where they are. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { parseHash } from "../../handoff_service/web/console/router.js";
import {
  activeFilters,
  asksOf,
  changed,
  FILTERS,
  hashOfAsks,
  SORTS,
  VIEWS,
} from "../../handoff_service/web/console/sections/inbox/asks.js";
import { createListing } from "../../handoff_service/web/console/sections/inbox/listing.js";
import { watchCalmly } from "../../handoff_service/web/console/sections/inbox/watching.js";

const LOCALES = "../../handoff_service/web/shared/locales/inbox";

/** @param {string} id @param {object} [more] @returns {any} */
const row = (id, more = {}) => ({ conversation_id: id, ...more });

/** An API whose rows are set by the test. @param {any[]} all */
function desk(all) {
  const served = { all, asked: /** @type {any[]} */ ([]), size: 2 };
  return {
    served,
    /** @param {any} place */
    async read(place) {
      served.asked.push(place);
      const wanted = place.ids?.split(",");
      if (wanted)
        return {
          rows: served.all.filter((one) => wanted.includes(one.conversation_id)),
          after: null,
          now_ms: 0,
        };
      const from = Number(place.after ?? 0);
      const rows = served.all.slice(from, from + served.size);
      const end = from + served.size;
      return { rows, after: end < served.all.length ? String(end) : null, now_ms: 0 };
    },
  };
}

/** @param {{rows: any[]}} listing */
const ids = (listing) => listing.rows.map((one) => one.conversation_id).join("");

test("an address says what is asked for, and back", () => {
  const asks = asksOf(parseHash("#/inbox/all?text=refund%20lang%3Ako&tag=vip&nonsense=1"));

  assert.deepEqual(asks, { view: "all", text: "refund lang:ko", tag: "vip" });
  assert.deepEqual(asksOf(parseHash(hashOfAsks(asks))), asks);
  assert.deepEqual(activeFilters(asks), ["tag"]);
  assert.deepEqual(changed(asks, { tag: "", state: "open" }), {
    view: "all",
    text: "refund lang:ko",
    state: "open",
  });
  assert.equal(asksOf(parseHash("#/inbox/nowhere")).view, "waiting");
});

test("pages follow one another, each row once", async () => {
  const { served, read } = desk(["a", "b", "c", "d", "e"].map((id) => row(id)));
  const listing = createListing(read, () => {});

  await listing.load();
  served.all = [row("x"), ...served.all]; // one came on top: the next page begins a row earlier
  await Promise.all([listing.more(), listing.more()]);
  await listing.more();
  await listing.more();

  assert.equal(ids(listing), "abcde");
  assert.equal(listing.complete, true);
});

test("what changes is changed in place, what is new waits to be shown, what left stays dim", async () => {
  const { served, read } = desk(["a", "b"].map((id) => row(id)));
  const listing = createListing(read, () => {});
  await listing.load();

  served.all = [row("n"), row("b", { last_line: "more" })];
  await listing.refresh(["a", "b", "n", "elsewhere"]);

  assert.equal(ids(listing), "ab");
  assert.equal(listing.rows[1]?.last_line, "more");
  assert.deepEqual([...listing.fresh], ["n"]);
  assert.deepEqual([...listing.gone], ["a"]);
  await listing.apply();
  assert.equal(ids(listing), "nb");
  assert.equal(listing.fresh.size + listing.gone.size, 0);
});

test("too many changes to be named are found on the first page", async () => {
  const { served, read } = desk(["a", "b", "c"].map((id) => row(id)));
  const listing = createListing(read, () => {});
  await listing.load();
  await listing.more();

  served.all = [row("n"), row("a", { unread: true }), row("b"), row("c")];
  await listing.refresh(undefined);
  assert.equal(ids(listing), "abc");
  assert.equal(listing.rows[0]?.unread, true);
  await listing.apply();

  assert.equal(ids(listing), "nabc");
});

test("what changes while the list is being read is not lost", async () => {
  const { served, read } = desk([]);
  const listing = createListing(read, () => {});

  const loading = listing.load();
  await listing.refresh(["n"]);
  served.all = [row("n")]; // the first answer was on its way already
  await loading;

  assert.deepEqual([...listing.fresh], ["n"]);
});

test("a list that cannot be read says why, and is read again", async () => {
  let away = true;
  const { read } = desk([row("a")]);
  const listing = createListing(
    async (place) => (away ? Promise.reject(new Error("away")) : read(place)),
    () => {},
  );

  await listing.load();
  assert.equal(listing.status, "failed");
  away = false;
  await listing.load();

  assert.equal(listing.status, "ready");
  assert.equal(ids(listing), "a");
});

test("many words of change are told as one", async () => {
  /** @type {(changed: any) => void} */
  let tell = () => {};
  const live = /** @type {any} */ ({
    watch(/** @type {string} */ _topic, /** @type {any} */ listener) {
      tell = listener;
      return () => {};
    },
  });
  const told = await new Promise((resolve) => {
    watchCalmly(live, resolve, 1);
    tell({ conversation_ids: ["a", "b"] });
    tell({ conversation_ids: ["b", "c"] });
  });
  const many = await new Promise((resolve) => {
    watchCalmly(live, resolve, 1);
    tell({ conversation_ids: ["a"] });
    tell({});
  });

  assert.deepEqual(told, ["a", "b", "c"]);
  assert.equal(many, undefined);
});

test("every language has every word", () => {
  const read = (/** @type {string} */ locale) =>
    JSON.parse(readFileSync(new URL(`${LOCALES}/${locale}.json`, import.meta.url), "utf8"));
  const english = read("en");
  for (const name of [
    ...VIEWS.map((view) => `view_${view}`),
    ...SORTS.map((sort) => `sort_${sort}`),
    ...FILTERS.map((filter) => `filter_${filter}`),
  ])
    assert.ok(name in english, name);
  for (const locale of ["zh-Hans", "zh-Hant", "ru", "ko"])
    assert.deepEqual(Object.keys(read(locale)), Object.keys(english), locale);
});
