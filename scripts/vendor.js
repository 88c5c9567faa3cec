// @ts-check
/** Copy the libraries that the console shows its pages with out of node_modules: `npm run vendor`. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const TARGET = join(ROOT, "handoff_service/web/console/vendor");

/** Each copied file, and the package's file that it comes from. */
export const COPIES = /** @type {Record<string, string>} */ ({
  "preact/core.js": "preact/dist/preact.mjs",
  "preact/hooks.js": "preact/hooks/dist/hooks.mjs",
  "preact/htm.js": "htm/dist/htm.module.js",
  "preact/LICENSE": "preact/LICENSE",
  "preact/LICENSE.htm": "htm/LICENSE",
  "uplot/uplot.js": "uplot/dist/uPlot.esm.js",
  "uplot/uplot.css": "uplot/dist/uPlot.min.css",
  "uplot/LICENSE": "uplot/LICENSE",
});

/**
 * What a copied file must hold: the package's bytes, but for the name of Preact itself (a page knows
 * files only) and for the maps of sources, which are not copied.
 * @param {string} source a file of COPIES
 * @returns {Promise<string>}
 */
export async function vendored(source) {
  const text = await readFile(join(ROOT, "node_modules", source), "utf8");
  return text.replace('from"preact"', 'from"./core.js"').replace(/\n\/\/# sourceMappingURL=.*/, "");
}

/** @param {string} name of COPIES @returns {Promise<string>} */
export function readCopy(name) {
  return readFile(join(TARGET, name), "utf8");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, source] of Object.entries(COPIES)) {
    await mkdir(dirname(join(TARGET, name)), { recursive: true });
    await writeFile(join(TARGET, name), await vendored(source));
  }
}
