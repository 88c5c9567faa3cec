// @ts-check
/** How much a reviewer has decided today, as this browser remembers it. */

/**
 * @param {string} agentId
 * @param {Pick<Storage, "getItem"|"setItem">} [store]
 * @param {() => Date} [now]
 */
export function dayOf(agentId, store = localStorage, now = () => new Date()) {
  const name = `baton-learning-day-${agentId}`;
  const read = () => {
    const today = now().toDateString();
    try {
      const kept = JSON.parse(store.getItem(name) ?? "null");
      if (kept?.day === today) return { day: today, count: Number(kept.count) || 0 };
    } catch {
      // Not ours, or storage is barred: the day begins at nought.
    }
    return { day: today, count: 0 };
  };
  return {
    count: () => read().count,
    /** @param {number} by */
    add(by) {
      const { day, count } = read();
      try {
        store.setItem(name, JSON.stringify({ day, count: Math.max(0, count + by) }));
      } catch {
        // The count is a comfort, no record.
      }
    },
  };
}
