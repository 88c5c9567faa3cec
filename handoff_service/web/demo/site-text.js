// @ts-check
/** What a site has its own way, as text: for the file of sites, and as the tag for its pages. */

/**
 * @typedef {object} Draft what the form holds
 * @property {string} key
 * @property {string[]} origins
 * @property {string} name
 * @property {string} colour
 * @property {string} colour_dark
 * @property {string} logo
 * @property {string} theme
 * @property {string} position
 * @property {string} identity
 * @property {boolean} sound
 * @property {boolean} attachments
 * @property {boolean} contact_hours
 * @property {Record<string, Words>} words by locale
 */
/** @typedef {{launcher_open: string, greeting_title: string, greeting_text: string, suggestions: string[]}} Words */

/** What the widget does without a word about it; that is left out. */
const USUAL = /** @type {const} */ ({
  colour: "#0b6e5f",
  colour_dark: "#17594d",
  theme: "system",
  position: "end",
  identity: "optional",
});
const TEXTS = /** @type {const} */ (["launcher_open", "greeting_title", "greeting_text"]);
/** Words that YAML takes for something else than text. */
const OTHERWISE = /^(y|n|yes|no|on|off|true|false|null)$/;

/** YAML of one site, for `sites:` of the file. @param {Draft} draft */
export function siteText(draft) {
  const lines = [];
  if (draft.origins.length) lines.push(`origins: ${list(draft.origins)}`);
  if (draft.name) lines.push(`name: ${quoted(draft.name)}`);
  lines.push(...colourLines(draft));
  if (draft.logo) lines.push(`logo: ${quoted(draft.logo)}`);
  for (const name of /** @type {const} */ (["theme", "position", "identity"]))
    if (draft[name] !== USUAL[name]) lines.push(`${name}: ${quoted(draft[name])}`);
  for (const name of /** @type {const} */ (["sound", "attachments", "contact_hours"]))
    if (!draft[name]) lines.push(`${name}: false`);
  lines.push(...textLines(draft), ...suggestionLines(draft));
  const site = lines.length ? `\n${lines.map((line) => `    ${line}`).join("\n")}` : " {}";
  return `sites:\n  ${quotedIfNeeded(draft.key)}:${site}\n`;
}

/**
 * The tag for the pages of the site, and a link for who has no JavaScript.
 * @param {Draft} draft @param {string} help our origin @param {string} link what the link says
 */
export function tagText(draft, help, link) {
  const required = draft.identity === "required";
  const signed = required ? ' data-identity="TOKEN_MADE_BY_YOUR_SERVER"' : "";
  const site = `site=${encodeURIComponent(draft.key)}`;
  const script = `<script async src="${help}/widget/loader.js?${site}"${signed}></script>`;
  if (required) return `${script}\n`; // The form without JavaScript cannot tell who somebody is.
  return `${script}\n<noscript><a href="${help}/widget/plain?${site}">${link}</a></noscript>\n`;
}

/** @param {Draft} draft */
function colourLines({ colour, colour_dark }) {
  if (colour === USUAL.colour && colour_dark === USUAL.colour_dark) return [];
  const dark = colour_dark === colour ? [] : [`colour_dark: ${quoted(colour_dark)}`];
  return [`colour: ${quoted(colour)}`, ...dark];
}

/** @param {Draft} draft */
function textLines({ words }) {
  const lines = Object.entries(words).flatMap(([locale, said]) => {
    const texts = TEXTS.filter((key) => said[key]);
    if (!texts.length) return [];
    return [`  ${locale}:`, ...texts.map((key) => `    ${key}: ${quoted(said[key])}`)];
  });
  return lines.length ? ["texts:", ...lines] : [];
}

/** @param {Draft} draft */
function suggestionLines({ words }) {
  const lines = Object.entries(words).flatMap(([locale, { suggestions }]) =>
    suggestions.length ? [`  ${locale}: ${list(suggestions)}`] : [],
  );
  return lines.length ? ["suggestions:", ...lines] : [];
}

/** @param {readonly string[]} items */
function list(items) {
  return `[${items.map(quoted).join(", ")}]`;
}

/** A string of JSON is one of YAML too. @param {string} text */
function quoted(text) {
  return JSON.stringify(text);
}

/** @param {string} text */
function quotedIfNeeded(text) {
  const plain = /^[a-z][a-z0-9-]*$/.test(text) && !OTHERWISE.test(text);
  return plain ? text : quoted(text);
}
