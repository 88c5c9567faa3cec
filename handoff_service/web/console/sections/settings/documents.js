// @ts-check
/** Documents as values: compared, changed at a place, merged. Pure. */

/** @typedef {import("./areas.js").Document} Document */

/** @param {any} one @param {any} other @returns {boolean} whether both say the same; order of names is nothing */
export function same(one, other) {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => same(item, other[index]));
  if (!isNamed(one) || !isNamed(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && same(one[name], other[name]))
  );
}

/**
 * The document with something else at a place; undefined takes it away, and mappings that end up empty.
 * @param {Document} document @param {string[]} place @param {any} value @returns {Document}
 */
export function put(document, place, value) {
  const [name = "", ...rest] = place;
  const next = rest.length
    ? put(isNamed(document[name]) ? document[name] : {}, rest, value)
    : value;
  const gone = next === undefined || (rest.length > 0 && value === undefined && isEmpty(next));
  if (!gone) return { ...document, [name]: next };
  const { [name]: _, ...others } = document;
  return others;
}

/** The document with a name replaced by another, in its place. @param {Document} document @param {string} from @param {string} to */
export function rename(document, from, to) {
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [name === from ? to : name, value]),
  );
}

/**
 * What two people made of the same document, as one. Where both changed the same place, mine holds.
 * @param {Document} seen @param {Document} mine @param {Document} theirs
 * @returns {{document: Document, both: string[]}} `both`: places that both changed, otherwise than each other
 */
export function merge(seen, mine, theirs, place = "") {
  /** @type {Document} */
  const document = {};
  /** @type {string[]} */
  const both = [];
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const where = place ? `${place}.${name}` : name;
    const [was, my, their] = [seen[name], mine[name], theirs[name]];
    let value = same(my, was) ? their : my;
    if (isNamed(my) && isNamed(their)) {
      const inner = merge(isNamed(was) ? was : {}, my, their, where);
      value = inner.document;
      both.push(...inner.both);
    } else if (!same(my, was) && !same(their, was) && !same(my, their)) both.push(where);
    if (value !== undefined) document[name] = value;
  }
  return { document, both };
}

/** @param {any} value @returns {value is Document} */
export function isNamed(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {any} value */
function isEmpty(value) {
  return isNamed(value) && Object.keys(value).length === 0;
}

/** One per line, or with commas between, as a list. @param {string} text @param {RegExp} [between] @returns {string[]|undefined} */
export function listOf(text, between = /[\n,]/) {
  const items = text
    .split(between)
    .map((item) => item.trim())
    .filter(Boolean);
  return items.length ? items : undefined;
}

/** A number where one was written, else the words, for the server to name what is wrong. @param {string} text */
export function numberOf(text) {
  const trimmed = text.trim();
  if (!trimmed) return undefined;
  return /^-?\d{1,15}(\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed;
}
