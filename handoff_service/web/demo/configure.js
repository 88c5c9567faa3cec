// @ts-check
/** The page that sets the widget up: a form, the real widget beside it, and what to copy. */

import { byId, el } from "../shared/dom.js";
import { LANGUAGE_NAMES, loadMessages, LOCALES, pickLocale } from "../shared/i18n.js";
import { showContrast } from "./contrast.js";
import { people } from "./people.js";
import { tellPreview } from "./previewed.js";
import { siteText, tagText } from "./site-text.js";
import { locale, speak } from "./words.js";

/** @typedef {import("./site-text.js").Words} Words */

/** The form rests this long before what it says is read. */
const REST_MS = 350;
/** Longest text of a site that an address can take to the preview, encoded: servers take 8 KB of all. */
const LONGEST_ENCODED = 7000;

/** Fields, and the string of the widget that each replaces. */
const USUAL_WORDS = {
  name: "title",
  greeting_title: "greeting_title",
  greeting_text: "greeting_text",
};

const t = await speak("configure");
const form = byId("form", HTMLFormElement);
const preview = byId("preview", HTMLIFrameElement);
const problems = byId("problems", HTMLElement);
/** What is said in each language. @type {Record<string, Words>} */
const words = {};
/** @type {Words} */
const NO_WORDS = { launcher_open: "", greeting_title: "", greeting_text: "", suggestions: [] };
let spoken = /** @type {string} */ (locale);
let shown = "";
/** The colour on dark pages was chosen; until then it goes along with the other. */
let darkChosen = false;
/** @type {ReturnType<typeof setTimeout>|undefined} */
let rest;

preview.title = t("preview");
field("words").append(
  ...LOCALES.map((name) => el("option", { value: name, lang: name, text: LANGUAGE_NAMES[name] })),
);
field("words").value = spoken;
for (const { who, name } of await people())
  field("who").append(el("option", { value: who, text: name }));
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => {
  keepWords(); // Before the language changes: they are still those of the one before.
  if (event.target === field("words")) void changeLanguage();
  if (event.target === field("colour_dark")) darkChosen = true;
  if (event.target === field("colour") && !darkChosen)
    field("colour_dark").value = field("colour").value;
  clearTimeout(rest);
  rest = setTimeout(() => void update(), REST_MS);
});
keepWords();
const updated = update(); // What there is to copy is written at once.
for (const button of document.querySelectorAll("[data-copy]"))
  if (button instanceof HTMLButtonElement) {
    button.textContent = t("copy");
    button.disabled = false;
    button.addEventListener("click", () => void copy(button));
  }
await Promise.all([updated, showUsualWords()]);

/** @param {string} name @returns {any} a control of the form */
function field(name) {
  return form.elements.namedItem(name);
}

/** @param {string} name the field's lines, without empty ones */
function lines(name) {
  return String(field(name).value)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

function keepWords() {
  words[spoken] = {
    launcher_open: field("launcher_open").value.trim(),
    greeting_title: field("greeting_title").value.trim(),
    greeting_text: field("greeting_text").value.trim().replaceAll(/\s+/g, " "),
    suggestions: lines("suggestions"),
  };
}

async function changeLanguage() {
  spoken = field("words").value;
  const said = words[spoken];
  for (const key of /** @type {const} */ (["launcher_open", "greeting_title", "greeting_text"]))
    field(key).value = said?.[key] ?? "";
  field("suggestions").value = said?.suggestions.join("\n") ?? "";
  await showUsualWords();
}

/** Fields that are left empty say what the widget says without them. */
async function showUsualWords() {
  const usual = await loadMessages("widget", pickLocale([spoken]));
  for (const [name, key] of Object.entries(USUAL_WORDS)) field(name).placeholder = usual[key] ?? "";
}

/** @returns {import("./site-text.js").Draft} */
function draft() {
  /** @param {string} name */
  const text = (name) => String(field(name).value).trim();
  return {
    key: text("key"),
    origins: lines("origins"),
    name: text("name"),
    colour: text("colour"),
    colour_dark: text("colour_dark"),
    logo: text("logo"),
    theme: text("theme"),
    position: text("position"),
    identity: text("identity"),
    sound: field("sound").checked,
    attachments: field("attachments").checked,
    contact_hours: field("contact_hours").checked,
    words,
  };
}

/** Have the server read the site as it would be in the file; then show it, or what is wrong. */
async function update() {
  const site = draft();
  const text = siteText(site);
  byId("tag", HTMLElement).textContent = tagText(site, location.origin, t("noscript"));
  byId("file", HTMLElement).textContent = text;
  const response = await fetch("/demo/site", { method: "POST", body: text });
  const found = response.ok ? await response.json() : { problems: [`${response.status}`] };
  tellProblems(found.problems);
  if (found.problems.length) return;
  showContrast(byId("contrast", HTMLElement), found, t);
  // Of the words only those that are seen: the text travels in addresses.
  const seen = siteText({ ...site, words: { [spoken]: words[spoken] ?? NO_WORDS } });
  if (encodeURIComponent(seen).length > LONGEST_ENCODED)
    return tellProblems([t("too_long")], locale);
  const told = { site: seen, locale: spoken, theme: site.theme, who: field("who").value };
  if (shown === JSON.stringify(told)) return;
  shown = JSON.stringify(told);
  tellPreview(told);
  if (preview.hasAttribute("src")) preview.contentWindow?.location.reload();
  else preview.src = "/demo/preview";
}

/** @param {string[]} found in the words of the file's reader, which are English, unless said otherwise
 * @param {string} [lang] */
function tellProblems(found, lang = "en") {
  problems.hidden = !found.length;
  problems.replaceChildren(
    el("strong", { text: t("problems") }),
    el("ul", { lang }, ...found.map((problem) => el("li", { text: problem }))),
  );
}

/** @param {HTMLButtonElement} button */
async function copy(button) {
  const source = byId(button.dataset.copy ?? "", HTMLElement);
  const said = byId("copied", HTMLElement);
  try {
    await navigator.clipboard.writeText(source.textContent);
    said.textContent = t("copied");
  } catch {
    // No clipboard without https, or it is refused: the text is selected, one key copies it.
    getSelection()?.selectAllChildren(source);
    said.textContent = document.execCommand("copy") ? t("copied") : t("copy_by_hand");
  }
}
