// Which addresses become links, and what hostile text turns into.
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkPieces, safeHref } from "../../handoff_service/web/shared/links.js";

for (const address of [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "blob:https://shop.example/1",
  "https://havelo.example@evil.example/",
  "https://user:password@evil.example/",
  "http://",
  "not an address",
])
  test(`${JSON.stringify(address)} is not followed`, () => {
    assert.equal(safeHref(address), null);
  });

test("web, mail and own pages are followed", () => {
  assert.equal(safeHref("https://havelo.example/a?b#c"), "https://havelo.example/a?b#c");
  assert.equal(safeHref("mailto:a@havelo.example"), "mailto:a@havelo.example");
  assert.equal(
    safeHref("/help/ko/reset#x", "https://baton.example"),
    "https://baton.example/help/ko/reset#x",
  );
});

test("an address in a sentence becomes a link without the sentence's end", () => {
  assert.deepEqual(linkPieces("See https://havelo.example/a, (https://x.example/b)."), [
    { text: "See " },
    { text: "https://havelo.example/a", href: "https://havelo.example/a" },
    { text: ", (" },
    { text: "https://x.example/b", href: "https://x.example/b" },
    { text: ")." },
  ]);
  assert.equal(
    linkPieces("请看 https://havelo.example/a。谢谢")[1]?.href,
    "https://havelo.example/a",
  );
  assert.equal(
    linkPieces("mail support@havelo.example!")[1]?.href,
    "mailto:support@havelo.example",
  );
});

test("text is kept whole, whatever is in it", () => {
  for (const text of ["<img src=x onerror=alert(1)>", "javascript:alert(1)", "a@b", "http://", ""])
    assert.equal(
      linkPieces(text)
        .map((piece) => piece.text)
        .join(""),
      text,
    );
});

test("a look-alike host shows its plain letters", () => {
  const [piece] = linkPieces("https://hаvelo.example/"); // with a Cyrillic а
  assert.equal(piece?.text, "https://xn--hvelo-4ve.example/");
});

test("characters that turn the reading direction do not hide where a link goes", () => {
  const [piece] = linkPieces("https://evil.example/\u202egnp.exe");
  assert.ok(piece && !/[\u202a-\u202e]/u.test(piece.text + piece.href));
});
