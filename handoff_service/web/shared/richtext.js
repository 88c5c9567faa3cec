// @ts-check
/** A message's plain text as readable blocks: paragraphs, lists, links. */

import { el } from "./dom.js";
import { linkPieces } from "./links.js";

const BULLET = /^\s*[-*•]\s+(.*)$/u;
const NUMBER = /^\s*(\d{1,3})[.)]\s+(.*)$/u;

/** @typedef {{kind: "p"|"ul"|"ol", start?: number, lines: string[]}} Block */

/**
 * Group lines into paragraphs and lists.
 * @param {string} text
 * @returns {Block[]}
 */
export function textBlocks(text) {
  /** @type {Block[]} */
  const blocks = [];
  let open = /** @type {Block|null} */ (null);
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    if (!line.trim()) {
      open = null;
      continue;
    }
    const { kind, start, content } = readLine(line);
    if (!open || open.kind !== kind) blocks.push((open = { kind, start, lines: [] }));
    open.lines.push(content);
  }
  return joinLists(blocks);
}

/** @param {string} line @returns {{kind: Block["kind"], start?: number, content: string}} */
function readLine(line) {
  const bullet = BULLET.exec(line);
  if (bullet) return { kind: "ul", content: bullet[1] ?? "" };
  const number = NUMBER.exec(line);
  if (number) return { kind: "ol", start: Number(number[1]), content: number[2] ?? "" };
  return { kind: "p", content: line };
}

/** A blank line between items does not end a list. @param {Block[]} blocks @returns {Block[]} */
function joinLists(blocks) {
  /** @type {Block[]} */
  const joined = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    const continues =
      last && last.kind === block.kind && (block.kind === "ul" || (block.start ?? 1) > 1);
    if (continues && block.kind !== "p") last.lines.push(...block.lines);
    else joined.push(block);
  }
  return joined;
}

/** @param {string} text @returns {HTMLElement[]} */
export function richText(text) {
  return textBlocks(text).map((block) => {
    if (block.kind === "p") return el("p", {}, ...withBreaks(block.lines));
    const items = block.lines.map((line) => el("li", {}, ...withLinks(line)));
    return el(block.kind, { start: block.kind === "ol" ? block.start : undefined }, ...items);
  });
}

/** @param {string[]} lines */
function withBreaks(lines) {
  return lines.flatMap((line, index) => [index > 0 && el("br"), ...withLinks(line)]);
}

/** A line whose addresses are links. @param {string} line @returns {(Node|string)[]} */
export function withLinks(line) {
  return linkPieces(line).map(({ text, href }) =>
    href
      ? el("a", { href, target: "_blank", rel: "noopener noreferrer nofollow", text })
      : document.createTextNode(text),
  );
}
