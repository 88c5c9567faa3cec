// Which answers can be voted on, and which buttons the vote replaces.
import assert from "node:assert/strict";
import { test } from "node:test";
import { besidesVote, canBeVotedOn } from "../../handoff_service/web/widget/vote.js";

const source = { article_id: "a", title: "A", url: "/help/en/a" };
const answer = { author: "bot", kind: "answer", sources: [source] };

for (const [what, type, data, expected] of /** @type {const} */ ([
  ["an answer that quotes an article", "message.posted", answer, true],
  ["an answer without a source", "message.posted", { ...answer, sources: [] }, false],
  ["an answer that names no sources", "message.posted", { ...answer, sources: undefined }, false],
  ["a question back", "message.posted", { ...answer, kind: "clarify" }, false],
  ["small talk", "message.posted", { ...answer, kind: "smalltalk" }, false],
  ["an agent's words", "message.posted", { ...answer, author: "agent" }, false],
  ["a notice", "bot.delayed", answer, false],
]))
  test(`${what} ${expected ? "can" : "cannot"} be voted on`, () => {
    const event = { conversation_id: "c", seq: 1, type, at_ms: 0, epoch: 1, data };
    assert.equal(canBeVotedOn(event), expected);
  });

test("a button that says what the vote says is not shown beside it", () => {
  const buttons = ["helped", "show_article", "not_helped", "request_person"].map((action) => ({
    title: action,
    payload: { action },
  }));
  assert.deepEqual(
    besidesVote(buttons).map(({ title }) => title),
    ["show_article", "request_person"],
  );
});
