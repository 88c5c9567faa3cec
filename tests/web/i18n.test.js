// Strings: every language complete, every placeholder kept, every string used.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import * as i18n from "../../handoff_service/web/shared/i18n.js";

const WEB = new URL("../../handoff_service/web/", import.meta.url);
/** Each folder of strings. */
const PARTS = readdirSync(new URL("shared/locales/", WEB));
/** The folders of code that ask for them. */
const CODE = ["widget", "console", "demo"];

/** @param {string} part @param {string} locale @returns {i18n.Messages} */
function read(part, locale) {
  return JSON.parse(readFileSync(new URL(`shared/locales/${part}/${locale}.json`, WEB), "utf8"));
}

/** @param {string|Record<string, string>|undefined} entry @returns {string[]} of every form, once */
function placeholders(entry = "") {
  const forms = typeof entry === "string" ? [entry] : Object.values(entry);
  const names = forms.map((text) => (text.match(/\{\w+\}/g) ?? []).sort().join(" "));
  return [...new Set(names)];
}

for (const part of PARTS)
  for (const locale of i18n.LOCALES)
    test(`${part}: ${locale} has every string, filled like the English one`, () => {
      const english = read(part, "en");
      const messages = read(part, locale);

      assert.deepEqual(Object.keys(messages).sort(), Object.keys(english).sort());

      const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
      for (const [key, entry] of Object.entries(messages)) {
        assert.deepEqual(placeholders(entry), placeholders(english[key]), `${key} in ${locale}`);
        if (typeof entry === "string") assert.ok(entry.trim(), `${key} in ${locale} is empty`);
        else
          assert.deepEqual(
            Object.keys(entry).sort(),
            [...forms].sort(),
            `forms of ${key} in ${locale}`,
          );
      }
    });

/** A letter of each language's own script: what has none was never translated. */
const OWN_LETTER = /** @type {Record<string, RegExp>} */ ({
  "zh-Hans": /\p{Script=Han}/u,
  "zh-Hant": /\p{Script=Han}/u,
  ru: /\p{Script=Cyrillic}/u,
  ko: /\p{Script=Hangul}/u,
});

/** A text without one is a sign or a short name, and no English. */
const SMALL_LETTER = /\p{Script=Latin}(?<=\p{Ll})/u;
const PLACEHOLDER = /\{\w+\}/g;

for (const part of PARTS)
  test(`${part}: no language is left in English`, () => {
    for (const [locale, letter] of Object.entries(OWN_LETTER))
      for (const [key, entry] of Object.entries(read(part, locale)))
        for (const text of typeof entry === "string" ? [entry] : Object.values(entry))
          if (SMALL_LETTER.test(text.replaceAll(PLACEHOLDER, "")))
            assert.match(text, letter, `${key} in ${locale} is not translated`);
  });

test("widget: every string is asked for", () => {
  const source = ["widget/", "shared/"]
    .flatMap((folder) =>
      readdirSync(new URL(folder, WEB))
        .filter((name) => name.endsWith(".js"))
        .map((name) => readFileSync(new URL(folder + name, WEB), "utf8")),
    )
    .join();
  const begun = [...source.matchAll(/`(\w+_)\$\{/g)].map(([, start = ""]) => start);
  for (const key of Object.keys(read("widget", "en")))
    assert.ok(
      source.includes(`"${key}"`) || begun.some((start) => key.startsWith(start)),
      `nothing asks for "${key}"`,
    );
});

for (const part of CODE)
  test(`${part}: the code asks only for strings that exist`, () => {
    const parts = part === "demo" ? [part, "configure"] : [part];
    const known = parts.flatMap((name) => Object.keys(read(name, "en")));
    const files = readdirSync(new URL(`${part}/`, WEB)).filter((name) => name.endsWith(".js"));
    for (const file of files) {
      const source = readFileSync(new URL(`${part}/${file}`, WEB), "utf8");
      for (const [, key] of source.matchAll(/\bt\(\s*"([^"]+)"/g))
        assert.ok(known.includes(/** @type {string} */ (key)), `${file} asks for "${key}"`);
    }
  });

for (const [wanted, locale] of /** @type {const} */ ([
  [["ko-KR"], "ko"],
  [["zh-TW"], "zh-Hant"],
  [["zh_HK"], "zh-Hant"],
  [["zh-Hant-HK"], "zh-Hant"],
  [["zh"], "zh-Hans"],
  [["zh-Hans-SG"], "zh-Hans"],
  [["RU"], "ru"],
  [["fr", "ru-RU"], "ru"],
  [[null, undefined, ""], "en"],
  [["de", "fr"], "en"],
]))
  test(`a reader of ${JSON.stringify(wanted)} is served ${locale}`, () => {
    assert.equal(i18n.pickLocale(wanted), locale);
  });

test("values are filled in, and plural forms follow the language", () => {
  const messages = {
    hello: "Hello {name}",
    stars: { one: "{count} звезда", few: "{count} звезды", many: "{count} звёзд", other: "?" },
  };
  const t = i18n.createTranslate(messages, "ru");

  assert.equal(t("hello", { name: "{count}" }), "Hello {count}");
  assert.deepEqual(
    [1, 3, 5, 21].map((count) => t("stars", { count })),
    ["1 звезда", "3 звезды", "5 звёзд", "21 звезда"],
  );
  assert.equal(t("missing.key"), "missing.key");
});

test("a date without a time is the same day in every time zone", () => {
  assert.equal(i18n.formatDate("2026-03-01", "en"), "Mar 1, 2026");
  assert.equal(i18n.formatDate("not a date", "en"), "");
});

for (const [low, high, locale, said] of /** @type {const} */ ([
  [120_000, 300_000, "en", "2–5 min"],
  [100_000, 130_000, "en", "2 min"],
  [5_400_000, 10_800_000, "en", "2–3 hr"],
  [120_000, 300_000, "ru", "2–5 мин"],
  [120_000, 300_000, "ko", "2~5분"],
  [120_000, 300_000, "zh-Hans", "2-5分钟"],
  [120_000, 300_000, "zh-Hant", "2-5 分鐘"],
]))
  test(`a wait of ${low} to ${high} ms is said in ${locale}`, () => {
    assert.equal(i18n.formatWait(low, high, locale).replaceAll(/\u00a0/g, " "), said);
  });

for (const [at, locale, said] of /** @type {const} */ ([
  ["2026-03-10T00:01", "en", "today"],
  ["2026-03-11T09:00", "en", "today"], // a clock that is ahead of ours
  ["2026-03-09T23:59", "en", "yesterday"],
  ["2026-03-09T12:00", "ru", "вчера"],
  ["2026-03-09T12:00", "ko", "어제"],
  ["2026-03-08T12:00", "en", "Sunday, March 8"],
  ["2025-03-08T12:00", "en", "Saturday, March 8, 2025"],
]))
  test(`on 10 March, ${at} is ${said}`, () => {
    const now = new Date("2026-03-10T22:00").getTime();
    assert.equal(i18n.formatDay(new Date(at).getTime(), now, locale), said);
  });
