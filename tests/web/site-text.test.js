// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { siteText, tagText } from "../../handoff_service/web/demo/site-text.js";

/** @type {import("../../handoff_service/web/demo/site-text.js").Draft} */
const USUAL = {
  key: "shop",
  origins: [],
  name: "",
  colour: "#0b6e5f",
  colour_dark: "#17594d",
  logo: "",
  theme: "system",
  position: "end",
  identity: "optional",
  sound: true,
  attachments: true,
  contact_hours: true,
  words: {
    en: { launcher_open: "", greeting_title: "", greeting_text: "", suggestions: [] },
  },
};

test("what is usual is not written", () => {
  assert.equal(siteText(USUAL), "sites:\n  shop: {}\n");
});

test("what differs is written, each text as a string whatever it holds", () => {
  const words = { launcher_open: "", greeting_title: 'Say "hi": #1', greeting_text: "" };
  const text = siteText({
    ...USUAL,
    origins: ["https://a.example", "https://*.b.example"],
    colour: "#ffdd00",
    colour_dark: "#ffdd00",
    sound: false,
    words: { ko: { ...words, suggestions: ["언제 오나요?"] } },
  });

  assert.equal(
    text,
    `sites:
  shop:
    origins: ["https://a.example", "https://*.b.example"]
    colour: "#ffdd00"
    sound: false
    texts:
      ko:
        greeting_title: "Say \\"hi\\": #1"
    suggestions:
      ko: ["언제 오나요?"]
`,
  );
});

test("a dark colour of its own stands beside the other", () => {
  assert.match(
    siteText({ ...USUAL, colour_dark: "#000000" }),
    /colour: "#0b6e5f"\n +colour_dark: "#000000"/,
  );
});

test("a name that YAML takes for something else is quoted", () => {
  for (const key of ["off", "null", "Shop", "2"])
    assert.match(siteText({ ...USUAL, key }), new RegExp(`^  "${key}": `, "m"));
});

test("the tag names the site, and asks for a signature only where one is required", () => {
  const tag = tagText(USUAL, "https://help.example", "Write");
  assert.match(tag, /src="https:\/\/help\.example\/widget\/loader\.js\?site=shop"><\/script>/);
  assert.doesNotMatch(tag, /identity/);
  assert.match(tag, /<noscript><a href="https:\/\/help\.example\/widget\/plain\?site=shop">Write</);
  const required = tagText({ ...USUAL, identity: "required" }, "", "");
  assert.match(required, / data-identity="/);
  assert.doesNotMatch(required, /noscript/);
});
