// @ts-check
/** What somebody has begun to set and not saved; a page that is closed meanwhile asks first. */

/**
 * @typedef {object} Draft
 * @property {number} base the version it was made from
 * @property {import("./areas.js").Document} seen what that version said
 * @property {import("./areas.js").Document} document
 * @property {string|null} text the YAML, where it was written as such
 */

export class Drafts {
  /** @type {Map<string, Draft>} */
  #drafts = new Map();
  #warn = (/** @type {Event} */ event) => event.preventDefault();

  /** @param {string} area */
  get(area) {
    return this.#drafts.get(area);
  }

  /** @param {string} area @param {Draft|null} draft null: nothing is begun */
  set(area, draft) {
    if (draft) this.#drafts.set(area, draft);
    else this.#drafts.delete(area);
    if (this.#drafts.size) addEventListener("beforeunload", this.#warn);
    else removeEventListener("beforeunload", this.#warn);
  }
}
