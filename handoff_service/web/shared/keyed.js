// @ts-check
/** A region whose children follow a list. */

/**
 * Make a region's children match a list, keeping the element of each key (and so its focus).
 * @template T
 * @param {HTMLElement} region
 * @param {T[]} items
 * @param {{key: (item: T) => string, make: (item: T) => HTMLElement, update: (element: HTMLElement, item: T) => void}} how
 */
export function keyed(region, items, { key, make, update }) {
  const present = new Map(
    Array.from(region.children, (child) => [/** @type {HTMLElement} */ (child).dataset.key, child]),
  );
  const wanted = items.map((item) => {
    const element = /** @type {HTMLElement} */ (present.get(key(item)) ?? make(item));
    element.dataset.key = key(item);
    update(element, item);
    return element;
  });
  for (const child of present.values())
    if (!wanted.includes(/** @type {HTMLElement} */ (child))) child.remove();
  wanted.forEach((element, index) => {
    if (region.children[index] !== element)
      region.insertBefore(element, region.children[index] ?? null);
  });
}
