// @ts-check
/** Days of time zones, addresses of reports, numbers as people write them. */

import assert from "node:assert/strict";
import test from "node:test";

import {
  changeOf,
  figureText,
} from "../../handoff_service/web/console/sections/reports/figures.js";
import {
  daysBefore,
  daysOf,
  midnightMs,
  momentsOf,
  presetOf,
} from "../../handoff_service/web/console/sections/reports/periods.js";
import { readQuery, writeQuery } from "../../handoff_service/web/console/sections/reports/query.js";

const HOUR_MS = 3_600_000;
const NOON = Date.parse("2026-11-22T12:00:00Z");

/** @param {string} hash */
const wordsOf = (hash) => new URLSearchParams(hash.split("?")[1]);

/** @param {string} day @param {string} tz */
const hours = (day, tz) => {
  const { from_ms, to_ms } = momentsOf({ from: day, to: day }, tz);
  return (to_ms - from_ms) / HOUR_MS;
};

test("a day has the hours that its clock shows", () => {
  assert.equal(hours("2026-03-29", "Europe/Berlin"), 23);
  assert.equal(hours("2026-10-25", "Europe/Berlin"), 25);
  assert.equal(hours("2026-03-08", "America/New_York"), 23);
  assert.equal(hours("2026-04-05", "Australia/Lord_Howe"), 24.5);
  assert.equal(hours("2026-10-25", "Asia/Seoul"), 24);
  assert.equal(midnightMs("2026-11-22", "Asia/Seoul"), Date.parse("2026-11-21T15:00:00Z"));
});

test("where the clock skips midnight the day begins an hour later", () => {
  assert.equal(hours("2026-04-24", "Africa/Cairo"), 23);
  assert.equal(midnightMs("2026-04-24", "Africa/Cairo"), Date.parse("2026-04-23T22:00:00Z"));
});

test("presets are days of the time zone that is asked about", () => {
  assert.deepEqual(daysOf("today", NOON, "Pacific/Kiritimati"), {
    from: "2026-11-23",
    to: "2026-11-23",
  });
  assert.deepEqual(daysOf("days_7", NOON, "UTC"), { from: "2026-11-16", to: "2026-11-22" });
  assert.equal(presetOf({ from: "2026-11-16", to: "2026-11-22" }, NOON, "UTC"), "days_7");
  assert.equal(presetOf({ from: "2026-11-15", to: "2026-11-22" }, NOON, "UTC"), null);
  assert.deepEqual(daysBefore({ from: "2026-11-16", to: "2026-11-22" }), {
    from: "2026-11-09",
    to: "2026-11-15",
  });
});

test("an address brings the same report back, and nonsense the usual one", () => {
  const query = {
    ...readQuery(new URLSearchParams(), NOON, "Europe/Berlin"),
    filters: ["language:ru", "topic:a&b=c"],
    drill: "containment/confirmed",
    key: "",
    compare: false,
  };
  assert.deepEqual(readQuery(wordsOf(writeQuery(query)), NOON, "Asia/Seoul"), query);

  const odd = readQuery(
    wordsOf("#/reports?from=x&to=2026-11-40&tz=Mars/Base&by=colour"),
    NOON,
    "UTC",
  );
  assert.deepEqual(
    [odd.from, odd.to, odd.tz, odd.by],
    ["2026-10-26", "2026-11-22", "UTC", "language"],
  );
  const turned = readQuery(wordsOf("#/reports?from=2026-11-09&to=2026-11-01"), NOON, "UTC");
  assert.deepEqual([turned.from, turned.to], ["2026-11-01", "2026-11-09"]);
});

test("numbers are written with their unit, in the reader's language", () => {
  assert.equal(figureText(0.4567, "ratio", "en"), "45.7%");
  assert.equal(figureText(0.4567, "ratio", "ru"), "45,7\u00a0%");
  assert.equal(figureText(4_230, "ms", "en"), "4.2 sec");
  assert.equal(figureText(130_000, "ms", "en"), "2 min 10 sec");
  assert.equal(figureText(3_600_000, "ms", "en"), "1 hr");
  assert.equal(figureText(90_000_000, "ms", "en"), "1 day 1 hr");
  assert.equal(figureText(59_700, "ms", "en"), "1 min");
  assert.equal(figureText(12_345, "count", "en"), "12,345");
  assert.equal(figureText(4.4567, "score", "en"), "4.46");
  assert.equal(figureText(null, "ms", "en"), "–");
});

test("a change is good or bad only when enough cases tell", () => {
  const wait = /** @type {const} */ ({
    id: "wait",
    unit: "ms",
    better: "down",
    title_key: "",
    text_key: "",
  });
  const share = /** @type {const} */ ({
    id: "s",
    unit: "ratio",
    better: "up",
    title_key: "",
    text_key: "",
  });
  assert.deepEqual(changeOf({ value: 50, count: 40 }, { value: 100, count: 40 }, wait), {
    share: -0.5,
    tone: "good",
  });
  assert.equal(changeOf({ value: 200, count: 40 }, { value: 100, count: 40 }, wait)?.tone, "bad");
  assert.equal(changeOf({ value: 200, count: 4 }, { value: 100, count: 40 }, wait)?.tone, "plain");
  assert.equal(changeOf({ value: 1, count: 40 }, { value: 0, count: 40 }, wait), null);
  assert.equal(changeOf({ value: null, count: 0 }, { value: 1, count: 9 }, wait), null);
  const points = changeOf({ value: 0.6, count: 40 }, { value: 0.5, count: 40 }, share);
  assert.equal(points?.tone, "good");
  assert.ok(Math.abs((points?.share ?? 0) - 0.1) < 1e-9);
});
