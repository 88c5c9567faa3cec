// What an answer's bubble says beside the passage on its card.
import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsAround } from "../../handoff_service/web/widget/answer.js";

const source = {
  article_id: "a",
  title: "A",
  url: "/help/en/a",
  quote: "1. Open $& it.\n2. Wait. ",
};

test("a passage that the text repeats is shown once, on the card", () => {
  const text = "The article says:\n\n1. Open $& it.\n2. Wait.\n\nDid this help?";
  assert.equal(wordsAround(text, [source]), "The article says:\n\nDid this help?");
});

test("a text that is nothing but the passage leaves no bubble", () => {
  assert.equal(wordsAround("1. Open $& it.\n2. Wait.", [source]), "");
});

test("other words stay as they are", () => {
  assert.equal(wordsAround("See here:", [source, { ...source, quote: undefined }]), "See here:");
});
