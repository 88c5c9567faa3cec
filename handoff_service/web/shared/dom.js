// @ts-check
/** Elements made from text and attributes; never from markup. */

/** @typedef {Node|string|null|undefined|false} Child */

/**
 * Make an element. Props: `class`, `text`, `dataset`, `on` (listeners), boolean and string attributes.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(element, name, value);
  element.append(...children.filter(isShown));
  return element;
}

/** @param {HTMLElement} element @param {string} name @param {any} value */
function setProp(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "text") element.textContent = value;
  else if (name === "dataset") Object.assign(element.dataset, value);
  else if (name === "on")
    for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** @param {Child} child @returns {child is Node|string} */
function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

/**
 * The element of this id, which the page's own markup must have.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new (...args: any[]) => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`the page has no ${type.name} #${id}`);
  return element;
}

/** Set text only when it differs, so that screen readers hear a change once.
 * @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * A decorative icon drawn with strokes on a 24 × 24 grid.
 * @param {string} path the `d` of its path
 * @returns {SVGSVGElement}
 */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon" }))
    svg.setAttribute(name, value);
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}
