// @ts-check
/** The copied libraries are the ones that package.json names, and work. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as preact from "../../handoff_service/web/console/vendor/preact.js";
import { COPIES, readCopy, vendored } from "../../scripts/vendor.js";

for (const [name, source] of Object.entries(COPIES))
  test(`${name} holds what ${source} holds (else: npm run vendor)`, async () => {
    assert.ok((await readCopy(name)) === (await vendored(source)));
  });

test("templates make elements", () => {
  const { html } = preact;
  const tree = html`<p class="note">${"text"}</p>`;
  assert.equal(tree.type, "p");
  assert.deepEqual(tree.props, { class: "note", children: "text" });
});
