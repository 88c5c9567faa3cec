// @ts-check
/** What can be done at this moment, by name: the list behind the command palette. */

/**
 * @typedef {object} Command
 * @property {string} id
 * @property {string} label what it does
 * @property {string} [group] what it belongs to, shown beside it
 * @property {string} [hint] more words that find it, shown small
 * @property {string} [key] the key that does the same
 * @property {() => void} run
 */

/** @typedef {Command[]|(() => Command[]|Promise<Command[]>)} Source a list, or what makes it when asked */

export function createCommands() {
  /** @type {Set<Source>} */
  const sources = new Set();
  return {
    /** @param {Source} source @returns {() => void} takes it back */
    add(source) {
      sources.add(source);
      return () => void sources.delete(source);
    },
    /** Those of one source that cannot be read are left out. @returns {Promise<Command[]>} */
    async list() {
      const found = await Promise.allSettled(
        [...sources].map(async (source) => (typeof source === "function" ? source() : source)),
      );
      return found.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
    },
  };
}

/** @typedef {ReturnType<typeof createCommands>} Commands */
