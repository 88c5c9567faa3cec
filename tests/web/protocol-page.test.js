// The page that describes the protocol, and the pages that speak it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { frames } from "../../handoff_service/web/console/frames.js";
import * as protocol from "../../handoff_service/web/shared/protocol.js";

const PAGE = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");

/** @param {string} title @returns {Map<string, string>} frame type to its example */
function examples(title) {
  const chapter = PAGE.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
  const found = chapter.matchAll(/\n### `(\w+)`[^]*?```json\n([^]*?)\n```/g);
  return new Map([...found].map(([, type, example]) => [String(type), String(example)]));
}

for (const [title, makers] of /** @type {const} */ ([
  ["From the customer", protocol.customer],
  ["From the agent", frames],
]))
  test(`${title.toLowerCase()}: every frame of the page has a maker, and the other way round`, () => {
    const described = examples(title);

    assert.deepEqual([...described.keys()].sort(), Object.keys(makers).sort());
    for (const [type, example] of described) {
      const { type: name, v, ...fields } = JSON.parse(example);
      const make = /** @type {any} */ (makers)[type];
      assert.deepEqual(make(fields), JSON.parse(example));
    }
  });

for (const title of ["To the customer", "To the agent"])
  test(`${title.toLowerCase()}: every frame of the page is read`, () => {
    const described = examples(title);

    assert.ok(described.size > 5);
    for (const [type, example] of described)
      assert.equal(protocol.parseServerFrame(example)?.type, type);
  });
