// Waiting before a reconnect.
import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffMs, FIRST_MS, LONGEST_MS } from "../../handoff_service/web/shared/backoff.js";

test("the wait doubles up to its longest", () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 1000].map((attempt) => backoffMs(attempt, () => 1));
  assert.deepEqual(longest, [500, 1000, 2000, 4000, 8000, LONGEST_MS, LONGEST_MS, LONGEST_MS]);
});

test("jitter takes away at most half", () => {
  assert.equal(
    backoffMs(0, () => 0),
    FIRST_MS / 2,
  );
  assert.equal(
    backoffMs(50, () => 0),
    LONGEST_MS / 2,
  );
  const waits = new Set(Array.from({ length: 100 }, () => backoffMs(5)));
  assert.ok(waits.size > 50, "pages that lost the server together must not return together");
});
