// Plain text into paragraphs and lists.
import assert from "node:assert/strict";
import { test } from "node:test";
import { textBlocks } from "../../handoff_service/web/shared/richtext.js";

test("lines, blank lines, bullets and numbers become blocks", () => {
  const text = "Do this:\n1. Open the app\n2. Tap Update\n\nThen\nwait.\n\n- one\n• two";
  assert.deepEqual(
    textBlocks(text).map(({ kind, lines }) => [kind, lines]),
    [
      ["p", ["Do this:"]],
      ["ol", ["Open the app", "Tap Update"]],
      ["p", ["Then", "wait."]],
      ["ul", ["one", "two"]],
    ],
  );
});

test("a blank line between the steps does not begin the count anew", () => {
  const blocks = textBlocks("1. a\n\n2. b\n\n3. c");
  assert.deepEqual(
    blocks.map(({ start, lines }) => [start, lines]),
    [[1, ["a", "b", "c"]]],
  );
});

test("a list that begins in the middle keeps its number", () => {
  assert.equal(textBlocks("4. fourth")[0]?.start, 4);
});

test("signs and years are not lists", () => {
  for (const line of ["-5 degrees", "2026.", "3.5 V", "*bold*"])
    assert.equal(textBlocks(line)[0]?.kind, "p", line);
});
