// @ts-check
/** How one number went, day by day, over the same number of the time before. */

import { loadStyle } from "../../style.js";
import { html, useEffect, useRef } from "../../vendor/preact.js";
import { uPlot } from "../../vendor/uplot.js";
import { figureText } from "./figures.js";
import { groupText } from "./words.js";

const HEIGHT = 260;
/** uPlot's own rules; they lay its canvas and axes over each other. */
const STYLE = "/console/vendor/uplot/uplot.css";

/**
 * @param {import("./dashboard.js").Props & {definition: import("./figures.js").Definition,
 *   now: import("./numbers.js").Numbers, before: import("./numbers.js").Numbers|undefined}} props
 */
export function Course({ context, t, query, definition, now, before }) {
  const place = useRef(/** @type {HTMLDivElement|null} */ (null));
  const title = t(definition.title_key);
  useEffect(() => void loadStyle(STYLE), []);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () => {
      const { width } = element.getBoundingClientRect();
      plot?.destroy();
      element.replaceChildren();
      plot = new uPlot(options(Math.max(width, 240)), data(), element);
    };
    /** @type {uPlot|undefined} */
    let plot;
    const look = matchMedia("(prefers-color-scheme: dark)");
    const resized = new ResizeObserver(draw);
    const themed = new MutationObserver(draw);
    resized.observe(element);
    themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    look.addEventListener("change", draw);
    return () => {
      resized.disconnect();
      themed.disconnect();
      look.removeEventListener("change", draw);
      plot?.destroy();
    };
  }, [now, before, definition.id]);

  return html`<div class="course">
    <h2>${title}</h2>
    <p class="legend">
      <span data-line="now">${t("this_time")}</span>
      ${before && html`<span data-line="before">${t("time_before")}</span>`}
    </p>
    <div
      class="plot"
      ref=${place}
      role="img"
      aria-label=${t("course_of", { metric: title, from: query.from, to: query.to })}
      data-testid="report-course"
    ></div>
  </div>`;

  /** @param {number} at */
  function nameAt(at) {
    const group = now.groups[at];
    return group ? groupText(group, now.by, context, t) : "";
  }

  /** Values by position; the time before lies under this time, first day under first day. */
  function data() {
    const values = (/** @type {import("./numbers.js").Numbers|undefined} */ numbers) =>
      now.groups.map((_, at) => numbers?.groups[at]?.values[definition.id]?.value ?? null);
    return /** @type {uPlot.AlignedData} */ ([
      now.groups.map((_, at) => at),
      values(now),
      ...(before ? [values(before)] : []),
    ]);
  }

  /** @param {number} width @returns {uPlot.Options} */
  function options(width) {
    const style = getComputedStyle(document.body);
    const colour = (/** @type {string} */ name) => resolved(style.getPropertyValue(name));
    const text = (/** @type {number} */ value) =>
      figureText(value, definition.unit, context.locale);
    const axis = {
      stroke: colour("--muted"),
      font: `12px ${style.fontFamily}`,
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
    };
    return {
      width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: {
        x: { time: false },
        y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 1) * 1.05 || 1] },
      },
      axes: [
        {
          ...axis,
          incrs: [1, 2, 7, 14, 28],
          values: (_, places) => places.map(nameAt),
        },
        { ...axis, size: 74, values: (_, ticks) => ticks.map(text) },
      ],
      series: [
        {},
        { stroke: colour("--accent"), width: 2, points: { size: 5 } },
        ...(before ? [{ stroke: colour("--muted"), width: 1.5, dash: [5, 5] }] : []),
      ],
    };
  }
}

/** A canvas knows no custom properties: let the browser work out the colour. @param {string} colour */
function resolved(colour) {
  const probe = document.createElement("span");
  probe.style.setProperty("color", colour);
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
