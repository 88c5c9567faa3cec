// @ts-check
/** Addresses, keys, and what the command palette finds. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createCommands } from "../../handoff_service/web/console/commands.js";
import { best, fit } from "../../handoff_service/web/console/fuzzy.js";
import { createKeys, nameOf } from "../../handoff_service/web/console/keys.js";
import {
  hashOf,
  listenToRoute,
  note,
  parseHash,
} from "../../handoff_service/web/console/router.js";
import { SECTIONS, sectionsFor } from "../../handoff_service/web/console/sections.js";

/** @param {string} key @param {object} [more] @returns {any} as the browser tells it */
function pressed(key, more = {}) {
  const letter = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key;
  return { key, code: letter, ctrlKey: false, metaKey: false, preventDefault() {}, ...more };
}

test("an address names a section, what is open in it, and more", () => {
  const { name, rest, query } = parseHash("#/settings/hours/de%2Fat?tz=Asia%2FSeoul");
  assert.deepEqual([name, rest, query.get("tz")], ["settings", ["hours", "de/at"], "Asia/Seoul"]);
});

test("without a section, and with a broken address, something is shown all the same", () => {
  for (const hash of ["", "#", "#/", "#//"]) assert.equal(parseHash(hash).name, "desk");
  assert.deepEqual(parseHash("#/inbox/100%").rest, ["100%"]);
});

test("what an address is made of comes out of it again", () => {
  const { name, rest } = parseHash(hashOf("conversation", "c_1/2 ?#한"));
  assert.deepEqual([name, ...rest], ["conversation", "c_1/2 ?#한"]);
});

test("an address that is noted takes nobody back who has just gone elsewhere", () => {
  const place = { hash: "#/desk" };
  const page = new EventTarget();
  const history = {
    /** @param {null} _state @param {string} _title @param {string} hash */
    replaceState: (_state, _title, hash) => void (place.hash = hash),
  };
  const addEventListener = page.addEventListener.bind(page);
  Object.assign(globalThis, { location: place, history, addEventListener });
  /** @type {string[]} */
  const heard = [];
  listenToRoute(({ name }) => void heard.push(name), new AbortController().signal);

  note("#/desk/c_1");
  assert.equal(place.hash, "#/desk/c_1");
  place.hash = "#/inbox"; // The browser tells of it a moment later.
  note("#/desk/c_2");
  page.dispatchEvent(new Event("hashchange"));

  assert.deepEqual([place.hash, heard], ["#/inbox", ["desk", "inbox"]]);
});

test("a role sees the sections that are for it", () => {
  const sections = [
    { name: "desk", roles: null },
    { name: "floor", roles: ["supervisor"] },
  ];
  const seen = (/** @type {string} */ role) => sectionsFor(role, sections).map(({ name }) => name);
  assert.deepEqual([seen("agent"), seen("supervisor")], [["desk"], ["desk", "floor"]]);
});

test("who takes no conversations has no desk", () => {
  const seen = (/** @type {string} */ role) => sectionsFor(role).map(({ name }) => name);
  assert.ok(seen("agent").includes("desk") && !seen("agent").includes("learning"));
  assert.ok(seen("maintainer").includes("learning") && !seen("maintainer").includes("desk"));
});

test("no two sections have the same address or key", () => {
  for (const field of /** @type {const} */ (["name", "key"])) {
    const values = SECTIONS.map((section) => section[field]).filter(Boolean);
    assert.equal(new Set(values).size, values.length, `${field}: ${values}`);
  }
});

test("the group that came last is asked first, and one that has nothing to do passes it on", () => {
  const keys = createKeys();
  /** @type {string[]} */
  const done = [];
  keys.add("frame", { a: { label: "A", run: () => done.push("frame") } });
  const open = { now: true };
  const remove = keys.add("section", {
    a: { label: "A", run: () => done.push("section"), when: () => open.now },
  });
  assert.equal(keys.press(pressed("a")), true);
  open.now = false;
  keys.press(pressed("a"));
  remove();
  remove();
  keys.press(pressed("a"));

  assert.deepEqual(done, ["section", "frame", "frame"]);
  assert.equal(keys.press(pressed("b")), false);
  assert.deepEqual(
    keys.groups().map(({ title }) => title),
    ["frame"],
  );
});

test("a letter is where it stands on the keyboard, whatever language is written", () => {
  assert.equal(nameOf(pressed("ф", { code: "KeyA" })), "a");
  assert.equal(nameOf(pressed("ㅁ", { code: "KeyA" })), "a");
  assert.equal(nameOf(pressed("A")), "a");
  assert.equal(nameOf(pressed("л", { code: "KeyK", ctrlKey: true })), "mod+k");
  assert.equal(nameOf(pressed("k", { metaKey: true })), "mod+k");
  assert.equal(nameOf(pressed("?", { code: "Slash", shiftKey: true })), "?");
  // On a French keyboard, A stands where others have Q.
  assert.equal(nameOf(pressed("a", { code: "KeyQ" })), "a");
  assert.equal(nameOf(pressed("ArrowUp")), "arrowup");
});

test("keys with Alt, of an input method, or used already do nothing", () => {
  const keys = createKeys();
  keys.add("all", { a: { label: "A", run: () => assert.fail("it ran") } });
  for (const why of ["altKey", "isComposing", "defaultPrevented"])
    assert.equal(keys.press(pressed("a", { [why]: true })), false);
});

test("letters fit where they come in this order", () => {
  assert.ok(fit("hb", "Hand back"));
  assert.ok(fit("hand b", "Hand back"));
  assert.equal(fit("bh", "Hand back"), 0);
  assert.ok(fit("ПЕРЕД", "Передать коллеге"));
  assert.ok(fit("전달", "대화 전달"));
  assert.ok(fit("cafe", "Café"));
});

test("the best comes first: beginnings of words before letters strewn about", () => {
  const labels = ["Decline the offer", "Transfer to Li", "Park until later", "Take over"];
  const first = (/** @type {string} */ wanted) => best(wanted, labels, (label) => [label])[0];
  assert.equal(first("to"), "Take over");
  assert.equal(first("tl"), "Transfer to Li");
  assert.equal(first("park"), "Park until later");
  assert.equal(first("offer"), "Decline the offer");
  assert.equal(first("xyz"), undefined);
  assert.deepEqual(
    best("", labels, (label) => [label]),
    labels,
  );
});

test("commands come from lists and from what makes them; a source that fails is left out", async () => {
  const commands = createCommands();
  const run = () => {};
  const remove = commands.add([{ id: "1", label: "one", run }]);
  commands.add(async () => [{ id: "2", label: "two", run }]);
  commands.add(() => Promise.reject(new Error("no directory")));
  const labels = async () => (await commands.list()).map(({ label }) => label);
  assert.deepEqual(await labels(), ["one", "two"]);
  remove();
  assert.deepEqual(await labels(), ["two"]);
});
