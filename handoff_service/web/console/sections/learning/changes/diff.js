// @ts-check
/** A unified diff, read into lines that can be shown with their numbers. */

/**
 * @typedef {{kind: "same"|"added"|"removed"|"hunk", text: string, before: number|null, after: number|null}} Line
 */

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/;

/**
 * @param {string} diff of one file; its head may be missing
 * @returns {Line[]} numbered as in the file before and after
 */
export function readDiff(diff) {
  /** @type {Line[]} */
  const lines = [];
  let before = 0;
  let after = 0;
  let inside = false;
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    const hunk = HUNK.exec(line);
    if (hunk) {
      inside = true;
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      lines.push({ kind: "hunk", text: hunk[3] ?? "", before: null, after: null });
    } else if (!inside || line.startsWith("\\")) {
      continue; // the file's name, or that its last line does not end
    } else if (line.startsWith("+")) {
      lines.push({ kind: "added", text: line.slice(1), before: null, after: after++ });
    } else if (line.startsWith("-")) {
      lines.push({ kind: "removed", text: line.slice(1), before: before++, after: null });
    } else {
      lines.push({ kind: "same", text: line.slice(1), before: before++, after: after++ });
    }
  }
  return lines;
}
