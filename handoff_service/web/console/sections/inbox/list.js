// @ts-check
/** A long list of which only the rows in sight exist. */

import { html, useEffect, useLayoutEffect, useRef, useState } from "../../vendor/preact.js";

/** Height of a row, in pixels; inbox.css has the same. */
export const ROW_PX = 84;
/** Rows drawn above and below those in sight. */
const AROUND = 6;
/** The next page is asked for when so few rows are left below. */
const AHEAD = 40;

/**
 * @template R
 * @param {object} props
 * @param {R[]} props.rows
 * @param {string} props.label
 * @param {number} props.active index of the row that the keyboard is on; -1: none
 * @param {number} props.top where it was scrolled to when it was last shown
 * @param {(top: number) => void} props.scrolled
 * @param {(row: R) => string} props.keyOf
 * @param {(row: R, index: number) => any} props.draw
 * @param {() => void} props.nearEnd
 */
export function VirtualList({ rows, label, active, top, scrolled, keyOf, draw, nearEnd }) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const [seen, setSeen] = useState({ top, height: 800 });
  const first = Math.max(0, Math.floor(seen.top / ROW_PX) - AROUND);
  const last = Math.min(rows.length, Math.ceil((seen.top + seen.height) / ROW_PX) + AROUND);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.scrollTop = top;
    const look = () => setSeen({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    look();
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (rows.length - last < AHEAD) nearEnd();
  }, [rows.length, last]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || active < 0) return;
    const at = active * ROW_PX;
    if (at < element.scrollTop) element.scrollTop = at;
    else if (at + ROW_PX > element.scrollTop + element.clientHeight)
      element.scrollTop = at + ROW_PX - element.clientHeight;
    setSeen({ top: element.scrollTop, height: element.clientHeight });
  }, [active]);

  return html`<div
    class="rows"
    ref=${box}
    data-testid="inbox-rows"
    onScroll=${() => {
      const element = /** @type {HTMLElement} */ (box.current);
      scrolled(element.scrollTop);
      setSeen({ top: element.scrollTop, height: element.clientHeight });
    }}
  >
    <ol aria-label=${label} style=${{ height: `${rows.length * ROW_PX}px` }}>
      ${rows
        .slice(first, last)
        .map(
          (row, offset) =>
            html`<li
              key=${keyOf(row)}
              aria-posinset=${first + offset + 1}
              aria-setsize=${rows.length}
              style=${{ transform: `translateY(${(first + offset) * ROW_PX}px)` }}
            >
              ${draw(row, first + offset)}
            </li>`,
        )}
    </ol>
  </div>`;
}
