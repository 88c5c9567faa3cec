// Whom an identity names, as the widget tells customers apart.
import assert from "node:assert/strict";
import { test } from "node:test";
import { subjectOf } from "../../handoff_service/web/widget/identity.js";

/** @param {object} claims */
const token = (claims) => `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;

test("the subject is read, whatever else is signed", () => {
  assert.equal(subjectOf(token({ sub: "42", name: "김민지 ÿþ?>" })), "42");
});

for (const [what, identity] of /** @type {const} */ ([
  ["none", undefined],
  ["an empty one", ""],
  ["no token", "hello"],
  ["a token of something else", `h.${btoa("[1]")}.s`],
  ["a token without a subject", token({ name: "Kim" })],
  ["a subject that is no text", token({ sub: 42 })],
  ["what is not base64", "h.$$.s"],
]))
  test(`${what} names nobody`, () => assert.equal(subjectOf(identity), null));
