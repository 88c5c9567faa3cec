// @ts-check
/** What a shop's tag loads: finds its tag, and puts Baton on the page once. */

import { embed } from "./embedding.js";

const script = /** @type {HTMLScriptElement|null} */ (
  // A tag of `type="module"` is not the current script of anything.
  document.currentScript ?? document.querySelector("script[src*='/widget/loader.js']")
);
// @ts-expect-error: the parameter of the function that the server wraps the loader in
const site = SITE;

if (script && !document.querySelector("[data-baton]")) embed(script, site);
