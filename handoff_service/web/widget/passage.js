// @ts-check
/** Draws the blocks of a quote: paragraphs, lists in lists, tables, code, links. Text only, no markup. */

import { el } from "../shared/dom.js";
import { safeHref } from "../shared/links.js";
import { withLinks } from "../shared/richtext.js";

/**
 * @typedef {{text: string, href?: string, code?: boolean, strong?: boolean, image?: boolean}} Run
 * @typedef {{kind: string, runs?: Run[], text?: string, start?: number|null, items?: Block[][],
 *   header?: Run[][], rows?: Run[][][], more?: boolean}} Block
 */

/** Lists stand in lists; deeper ones than this nobody could read in a bubble. */
const DEEPEST = 6;

/** @type {Record<string, (block: any, depth: number) => HTMLElement>} */
const DRAW = {
  paragraph: ({ runs }) => el("p", {}, ...drawRuns(runs)),
  // A bubble has no outline of its own: a heading inside a quote is a paragraph that looks like one.
  heading: ({ runs }) => el("p", { class: "heading" }, ...drawRuns(runs)),
  code: ({ text }) => el("pre", {}, el("code", { text })),
  list: drawList,
  table: drawTable,
};

/**
 * @param {unknown} blocks as a reply of the bot carries them; see docs/protocol.md
 * @returns {HTMLElement[]} empty when there is something in them that this page cannot draw
 */
export function passage(blocks) {
  try {
    return drawBlocks(/** @type {Block[]} */ (blocks ?? []), 0);
  } catch {
    return []; // Of another shape than ours: the plain text of the quote says the same.
  }
}

/** @param {Block[]} blocks @param {number} depth @returns {HTMLElement[]} */
function drawBlocks(blocks, depth) {
  if (depth > DEEPEST) throw new RangeError("lists too deep");
  return blocks.map((block) => {
    const draw = Object.hasOwn(DRAW, block.kind) ? DRAW[block.kind] : undefined;
    if (!draw) throw new TypeError("unknown block");
    return draw(block, depth);
  });
}

/** @param {Block} block @param {number} depth */
function drawList({ start, items = [] }, depth) {
  const ordered = typeof start === "number";
  return el(
    ordered ? "ol" : "ul",
    { start: ordered && start !== 1 ? start : undefined },
    ...items.map((item) => el("li", {}, ...drawBlocks(item, depth + 1))),
  );
}

/** @param {Block} block */
function drawTable({ header = [], rows = [], more }) {
  const width = Math.max(header.length, ...rows.map((row) => row.length));
  return el(
    "div",
    // Wide tables are moved sideways, by keyboard too.
    { class: "table", tabindex: width > 3 ? 0 : undefined },
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, ...header.map((cell) => headCell(cell, "col")))),
      el(
        "tbody",
        {},
        ...rows.map((row) =>
          el(
            "tr",
            {},
            ...row.map((cell, column) =>
              column ? el("td", {}, ...drawRuns(cell)) : headCell(cell, "row"),
            ),
          ),
        ),
        more && el("tr", {}, el("td", { colspan: width, text: "…" })),
      ),
    ),
  );
}

/** @param {Run[]} cell @param {"col"|"row"} scope */
function headCell(cell, scope) {
  return cell.length ? el("th", { scope }, ...drawRuns(cell)) : el("td");
}

/** @param {Run[]} runs @returns {(Node|string)[]} */
function drawRuns(runs) {
  return runs.flatMap((run) => {
    const href = run.href === undefined ? null : safeHref(run.href, location.origin);
    const words = drawWords(run, href !== null);
    if (href === null) return words;
    return [el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...words)];
  });
}

/** @param {Run} run @param {boolean} linked @returns {(Node|string)[]} */
function drawWords({ text, code, strong, image }, linked) {
  /** @type {(Node|string)[]} */
  let words = text
    .split("\n")
    .flatMap((line, index) => [
      ...(index ? [el("br")] : []),
      ...(code || linked ? [line] : withLinks(line)),
    ]);
  if (image) words = [el("span", { class: "picture" }, ...words)];
  if (code) words = [el("code", {}, ...words)];
  return strong ? [el("strong", {}, ...words)] : words;
}
