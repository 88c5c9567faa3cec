// @ts-check
/** What a slash asks for, and the gaps of a text: no browser is needed for these. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  callAt,
  gapsIn,
  nextGap,
  quotation,
  textOf,
} from "../../handoff_service/web/console/writing/text.js";

/** @param {string} text the caret is at its end */
const call = (text) => callAt(text, text.length);

test("a slash at the start of a word asks for a reply, an exclamation mark for a macro", () => {
  assert.deepEqual(call("/ref"), { from: 0, mark: "/", wanted: "ref" });
  assert.deepEqual(call("Hello /"), { from: 6, mark: "/", wanted: "" });
  assert.deepEqual(call("Done.\n!clo"), { from: 6, mark: "!", wanted: "clo" });
  assert.deepEqual(callAt("/refund later", 4), { from: 0, mark: "/", wanted: "ref" });
});

test("Chinese and Korean need no space before it, and full-width signs count", () => {
  assert.deepEqual(call("안녕하세요/환불"), { from: 5, mark: "/", wanted: "환불" });
  assert.deepEqual(call("您好，/退款"), { from: 3, mark: "/", wanted: "退款" });
  assert.deepEqual(call("네,/환"), { from: 2, mark: "/", wanted: "환" });
  assert.deepEqual(call("您好／退"), { from: 2, mark: "/", wanted: "退" });
  assert.deepEqual(call("！结束"), { from: 0, mark: "!", wanted: "结束" });
});

test("addresses, dates, and/or and exclamations ask for nothing", () => {
  for (const text of [
    "https://x",
    "and/or",
    "1/2",
    "24/7",
    "Great!",
    "太好了！",
    "/a b",
    "",
    "//x",
  ])
    assert.equal(call(text), null, text);
});

test("gaps are named, found and gone through in both directions", () => {
  const text = textOf(
    [{ text: "Order " }, { gap: "order" }, { text: " for " }, { gap: "name" }],
    (gap) => gap.toUpperCase(),
  );
  const gaps = gapsIn(text);

  assert.equal(text, "Order ⟦ORDER⟧ for ⟦NAME⟧");
  assert.deepEqual(
    gaps.map(({ start, end }) => text.slice(start, end)),
    ["⟦ORDER⟧", "⟦NAME⟧"],
  );
  assert.deepEqual(nextGap(text, { start: 0, end: 0 }, 1), gaps[0]);
  assert.deepEqual(nextGap(text, gaps[0] ?? { start: 0, end: 0 }, 1), gaps[1]);
  assert.equal(nextGap(text, gaps[1] ?? { start: 0, end: 0 }, 1), undefined);
  assert.deepEqual(nextGap(text, gaps[1] ?? { start: 0, end: 0 }, -1), gaps[0]);
  assert.deepEqual(gapsIn("nothing [to] fill"), []);
});

test("a quotation keeps its address whole and fits into a message", () => {
  const url = "https://shop.example/help/en/reset";
  assert.equal(quotation({ quote: " Ask for a link. ", url }, 1000), `Ask for a link.\n${url}`);

  const cut = quotation({ quote: "word ".repeat(100), url }, 80);
  assert.ok([...cut].length <= 80);
  assert.ok(cut.endsWith(`…\n${url}`));
});
